-- Customers of each segment in the snapshots from one date to another.
SELECT as_of, segment_id, customers, share
FROM segment_sizes
WHERE as_of BETWEEN $since AND $as_of
ORDER BY as_of, segment_id
