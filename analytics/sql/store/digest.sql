SELECT status, changed_at, message_ts
FROM store.digests
WHERE as_of = $as_of AND channel = $channel AND subscription_id = $subscription_id
