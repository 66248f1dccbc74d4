-- The customers nearest to a segment's centre on a date.
SELECT segment_id, unnest(exemplars) AS customer_id
FROM segment_facts
WHERE as_of = $as_of AND segment_id = $segment_id
