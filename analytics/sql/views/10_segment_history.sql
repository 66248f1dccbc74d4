SELECT as_of, customer_id, segment_id FROM store.segment_history
