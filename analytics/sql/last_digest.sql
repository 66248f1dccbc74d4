SELECT as_of, channel, status, changed_at
FROM digests
WHERE status = 'posted' AND subscription_id = 0
ORDER BY as_of DESC, changed_at DESC
LIMIT 1
