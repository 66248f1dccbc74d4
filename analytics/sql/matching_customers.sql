-- How many customers of segments meet a condition on a date; segment_id NULL is all of them.
WITH met AS (
    SELECT segment_id, count(*) AS matching
    FROM segment_features
    WHERE as_of = $as_of AND segment_id IN $segments AND {matching}
    GROUP BY segment_id
)
SELECT z.segment_id, s.name, CAST(sum(z.customers) AS BIGINT) AS customers,
    CAST(coalesce(sum(met.matching), 0) AS BIGINT) AS matching,
    coalesce(sum(met.matching), 0) / sum(z.customers) AS share
FROM segment_sizes AS z
JOIN segments AS s USING (segment_id)
LEFT JOIN met USING (segment_id)
WHERE z.as_of = $as_of AND z.segment_id IN $segments
GROUP BY GROUPING SETS ((z.segment_id, s.name), ())
ORDER BY z.segment_id NULLS LAST
