-- Customers of segments from one date to another; segment_id NULL is everyone.
SELECT z.as_of, z.segment_id, s.name, z.customers AS value, z.share,
    z.customers - lag(z.customers) OVER w AS change,
    z.customers - first_value(z.customers) OVER w AS since_start,
    z.customers / first_value(z.customers) OVER w - 1 AS relative_since_start
FROM (
    SELECT as_of, segment_id, customers, share FROM segment_sizes WHERE segment_id IN $segments
    UNION ALL
    SELECT as_of, NULL, CAST(sum(customers) AS BIGINT), 1.0 FROM segment_sizes GROUP BY as_of
) AS z
LEFT JOIN segments AS s USING (segment_id)
WHERE z.as_of BETWEEN $since AND $as_of
WINDOW w AS (PARTITION BY z.segment_id ORDER BY z.as_of)
ORDER BY z.segment_id NULLS LAST, z.as_of
