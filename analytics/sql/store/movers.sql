-- Features of the customers who changed segment between two dates, on both of them.
WITH moved AS (
    SELECT customer_id, b.segment_id AS from_segment_id, n.segment_id AS to_segment_id
    FROM store.segment_history AS b
    JOIN store.segment_history AS n USING (customer_id)
    WHERE b.as_of = $previous AND n.as_of = $as_of AND b.segment_id <> n.segment_id
)
SELECT m.from_segment_id, m.to_segment_id, f.as_of = $as_of AS moved, f.* EXCLUDE (as_of)
FROM moved AS m
JOIN store.features AS f USING (customer_id)
WHERE f.as_of IN ($previous, $as_of)
ORDER BY f.customer_id
