SELECT message_ts
FROM store.digests
WHERE as_of < $as_of AND channel = $channel AND status = 'posted'
ORDER BY as_of DESC
LIMIT 1
