INSERT INTO store.refits (
    as_of, status, refit, anchor_fit_id, challenger_fit_id, customers, customers_entered,
    customers_left, judged_at, why, result
)
VALUES (
    $as_of, $status, $refit, $anchor_fit_id, $challenger_fit_id, $customers, $customers_entered,
    $customers_left, $judged_at, $why, $result
)
