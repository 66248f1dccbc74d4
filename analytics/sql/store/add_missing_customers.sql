INSERT INTO store.customers (customer_id)
SELECT customer_id FROM incoming
ON CONFLICT (customer_id) DO NOTHING
