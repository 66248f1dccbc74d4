-- Features of the same so many customers each time, with their segments on a date.
SELECT h.segment_id, f.* EXCLUDE (as_of)
FROM feature_history AS f
JOIN segment_history AS h ON h.customer_id = f.customer_id AND h.as_of = $as_of
WHERE f.as_of = $as_of
ORDER BY md5(f.customer_id), f.customer_id
LIMIT $customers
