-- The first customers who meet a condition on a date, in order of a feature.
SELECT f.customer_id, f.segment_id, s.name, f.{feature} AS value
FROM segment_features AS f
JOIN segments AS s USING (segment_id)
WHERE f.as_of = $as_of AND f.segment_id IN $segments AND {matching} AND f.{feature} IS NOT NULL
ORDER BY CASE WHEN $ascending THEN f.{feature} ELSE -f.{feature} END, f.customer_id
LIMIT $top
