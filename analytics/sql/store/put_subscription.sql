INSERT OR REPLACE INTO store.subscriptions (subscription_id, target, weekday, time, timezone, segments,
    direction, threshold, quiet_until, created_by, since)
VALUES ($subscription_id, $target, $weekday, $time, $timezone, $segments, $direction, $threshold,
    $quiet_until, $created_by, $since)
