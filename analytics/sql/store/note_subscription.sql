INSERT INTO store.subscription_changes (changed_at, changed_by, subscription_id, change, subscription)
VALUES ($changed_at, $changed_by, $subscription_id, $change, $subscription)
