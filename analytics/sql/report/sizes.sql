-- Customers of every segment in every snapshot up to a date.
SELECT as_of, segment_id, customers, share
FROM segment_sizes
WHERE as_of BETWEEN $since AND $as_of
ORDER BY as_of, segment_id
