SELECT as_of, anchor_fit_id, (
    SELECT count(*) FROM store.refits WHERE status = 'published' AND as_of < $as_of
) AS judged
FROM store.refits
WHERE status = 'published' AND as_of < $as_of
ORDER BY as_of DESC
LIMIT 1
