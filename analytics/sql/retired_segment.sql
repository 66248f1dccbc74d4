-- Where the customers of a segment went when it ended; NULL: they left.
SELECT t.to_segment_id AS segment_id, s.name, CAST(sum(t.customers) AS BIGINT) AS customers
FROM transitions AS t
LEFT JOIN segments AS s ON s.segment_id = t.to_segment_id
WHERE t.from_segment_id = $segment_id AND t.as_of = $retired_as_of
GROUP BY ALL
ORDER BY customers DESC
