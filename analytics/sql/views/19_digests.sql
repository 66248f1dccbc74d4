SELECT as_of, channel, status, changed_at, message_ts, text FROM store.digests ORDER BY as_of
