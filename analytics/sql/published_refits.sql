SELECT as_of, refit, fit_id, challenger_fit_id, customers, customers_entered, customers_left, why
FROM refits
WHERE status = 'published'
ORDER BY as_of
