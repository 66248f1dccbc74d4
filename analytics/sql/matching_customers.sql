-- How many customers of segments meet a condition on a date; segment_id NULL is all of them.
SELECT m.segment_id, s.name, count(*) AS customers, count(*) FILTER (WHERE {matching}) AS matching,
    count(*) FILTER (WHERE {matching}) / count(*) AS share
FROM feature_history AS f
JOIN segment_history AS m USING (as_of, customer_id)
JOIN segments AS s USING (segment_id)
WHERE f.as_of = $as_of AND m.segment_id IN $segments
GROUP BY GROUPING SETS ((m.segment_id, s.name), ())
ORDER BY m.segment_id NULLS LAST
