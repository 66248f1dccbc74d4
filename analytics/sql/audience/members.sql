-- The customers of segments who meet a condition on a date.
SELECT f.customer_id, m.segment_id, s.name AS segment, f.as_of, {columns}
FROM feature_history AS f
JOIN segment_history AS m USING (customer_id)
JOIN segments AS s USING (segment_id)
WHERE f.as_of = $as_of AND m.as_of = $as_of AND m.segment_id IN $segments AND {matching}
