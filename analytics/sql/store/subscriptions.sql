SELECT subscription_id, target, weekday, time, timezone, segments, direction, threshold, quiet_until,
    created_by, since
FROM store.subscriptions
ORDER BY subscription_id
