-- The segment of each customer beside the features of the same date, so that counting customers
-- by what they do reads one table and joins nothing. NULL until the date is published.
ALTER TABLE store.features ADD COLUMN segment_id INTEGER;
UPDATE store.features AS f
SET segment_id = h.segment_id
FROM store.segment_history AS h
WHERE h.as_of = f.as_of AND h.customer_id = f.customer_id;
