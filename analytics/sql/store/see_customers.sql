INSERT INTO store.customers (customer_id, first_seen, last_seen)
SELECT customer_id, as_of, as_of FROM store.features WHERE as_of = $as_of
ON CONFLICT (customer_id) DO UPDATE SET
    first_seen = least(first_seen, excluded.first_seen),
    last_seen = greatest(last_seen, excluded.last_seen)
