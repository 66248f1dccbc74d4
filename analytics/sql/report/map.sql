-- Features of the same so many customers each time, with their segments on a date.
SELECT * EXCLUDE (as_of)
FROM segment_features
WHERE as_of = $as_of
ORDER BY md5(customer_id), customer_id
LIMIT $customers
