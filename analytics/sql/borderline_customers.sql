-- Customers almost as near to the next segment; of several segments asked about, to one of those.
WITH near AS (
    SELECT segment_id, count(*) AS matching
    FROM current_segments
    WHERE borderline AND segment_id IN $segments
        AND (NOT $between OR runner_up IN $segments)
    GROUP BY segment_id
)
SELECT z.segment_id, s.name, CAST(sum(z.customers) AS BIGINT) AS customers,
    CAST(coalesce(sum(near.matching), 0) AS BIGINT) AS matching,
    coalesce(sum(near.matching), 0) / sum(z.customers) AS share
FROM segment_sizes AS z
JOIN segments AS s USING (segment_id)
LEFT JOIN near USING (segment_id)
WHERE z.as_of = $as_of AND z.segment_id IN $segments
GROUP BY GROUPING SETS ((z.segment_id, s.name), ())
ORDER BY z.segment_id NULLS LAST
