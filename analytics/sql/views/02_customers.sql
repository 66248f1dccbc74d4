SELECT * FROM store.customers
