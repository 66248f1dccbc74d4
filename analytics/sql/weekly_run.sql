SELECT as_of, refit, fit_id, customers, customers_entered, customers_left, judged_at, why
FROM refits
WHERE as_of = $as_of
