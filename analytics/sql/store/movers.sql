-- Features, on one of two dates, of the customers who changed segment between them.
SELECT b.segment_id AS from_segment_id, n.segment_id AS to_segment_id, f.*
FROM store.segment_history AS b
JOIN store.segment_history AS n ON n.customer_id = b.customer_id AND n.as_of = $as_of
JOIN store.features AS f ON f.customer_id = b.customer_id AND f.as_of = $on
WHERE b.as_of = $previous AND b.segment_id <> n.segment_id
