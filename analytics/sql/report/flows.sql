-- Who was where before and after the week up to a date; a NULL segment: not a customer then.
SELECT from_segment_id, to_segment_id, CAST(sum(customers) AS BIGINT) AS customers
FROM transitions
WHERE as_of = $as_of AND from_segment_id IS DISTINCT FROM to_segment_id
GROUP BY from_segment_id, to_segment_id
ORDER BY from_segment_id NULLS LAST, to_segment_id NULLS LAST
