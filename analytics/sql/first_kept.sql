-- The first date whose feature values are still kept customer by customer.
SELECT min(as_of) AS first_kept FROM feature_history
