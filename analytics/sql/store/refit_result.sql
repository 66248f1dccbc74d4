SELECT result
FROM store.refits
WHERE as_of = coalesce($as_of, (SELECT max(as_of) FROM store.refits))
