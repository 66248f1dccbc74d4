-- The segments of a date beside the features of the same date.
UPDATE store.features AS f
SET segment_id = h.segment_id
FROM store.segment_history AS h
WHERE f.as_of = $as_of AND h.as_of = $as_of AND h.customer_id = f.customer_id
