-- Moves between segments after one date and up to another; NULL: not a customer before, or after.
SELECT t.from_segment_id, f.name AS from_name, t.to_segment_id, g.name AS to_name,
    CAST(sum(t.customers) AS BIGINT) AS customers
FROM transitions AS t
LEFT JOIN segments AS f ON f.segment_id = t.from_segment_id
LEFT JOIN segments AS g ON g.segment_id = t.to_segment_id
WHERE t.as_of > $since AND t.as_of <= $as_of AND t.cause <> 'stayed'
    AND (t.from_segment_id IN $segments OR t.to_segment_id IN $segments)
GROUP BY ALL
ORDER BY customers DESC, t.from_segment_id, t.to_segment_id
