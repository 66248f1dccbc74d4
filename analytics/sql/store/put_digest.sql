INSERT OR REPLACE INTO store.digests (as_of, channel, subscription_id, status, changed_at, message_ts, text)
VALUES ($as_of, $channel, $subscription_id, $status, $changed_at, $message_ts, $text)
