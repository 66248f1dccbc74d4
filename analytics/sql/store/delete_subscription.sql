DELETE FROM store.subscriptions WHERE subscription_id = $subscription_id
