SELECT * FROM feature_history WHERE customer_id = $customer AND as_of = $as_of
