-- How many customers have a feature above each edge and not above the next; NULL is everyone.
SELECT m.segment_id, e.edge, count(*) AS customers,
    count(*) / sum(count(*)) OVER (PARTITION BY GROUPING(m.segment_id), m.segment_id) AS share
FROM feature_history AS f
JOIN segment_history AS m USING (as_of, customer_id)
ASOF JOIN (SELECT unnest($edges) AS edge) AS e ON f.{feature} > e.edge
WHERE f.as_of = $as_of
GROUP BY GROUPING SETS ((m.segment_id, e.edge), (e.edge))
HAVING m.segment_id IS NULL OR m.segment_id IN $segments
ORDER BY m.segment_id NULLS LAST, e.edge
