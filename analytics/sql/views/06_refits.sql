SELECT as_of, status, refit, anchor_fit_id AS fit_id, challenger_fit_id, customers,
    customers_entered, customers_left, judged_at, why, result
FROM store.refits
ORDER BY as_of
