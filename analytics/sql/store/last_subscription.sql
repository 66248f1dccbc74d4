SELECT coalesce(max(subscription_id), 0) AS number FROM store.subscription_changes
