-- How many customers some segments have together on a date, and of how many in all.
SELECT CAST(sum(customers) AS BIGINT) AS customers, sum(share) AS share
FROM segment_sizes
WHERE as_of = $as_of AND segment_id IN $segments
