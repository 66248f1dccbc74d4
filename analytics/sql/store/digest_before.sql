-- The last digest told to a target before that of a date; message_ts is NULL where it was skipped.
SELECT as_of, message_ts
FROM store.digests
WHERE as_of < $as_of AND channel = $channel AND subscription_id = $subscription_id
    AND status IN ('posted', 'skipped')
ORDER BY as_of DESC
LIMIT 1
