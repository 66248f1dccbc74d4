SELECT as_of, channel, subscription_id, status, changed_at, message_ts, text FROM store.digests ORDER BY as_of
