-- Who went where in the week up to a date, most customers first, with what they are worth then and now.
SELECT t.from_segment_id, t.to_segment_id, CAST(sum(t.customers) AS BIGINT) AS customers,
    any_value(m.previous) AS previous, any_value(m.current) AS current
FROM transitions AS t
LEFT JOIN transition_money AS m
    ON m.as_of = t.as_of AND m.from_segment_id = t.from_segment_id
    AND m.to_segment_id = t.to_segment_id AND m.measure = $measure
WHERE t.as_of = $as_of AND t.from_segment_id <> t.to_segment_id
GROUP BY t.from_segment_id, t.to_segment_id
ORDER BY customers DESC, t.from_segment_id, t.to_segment_id
