DELETE FROM store.features
WHERE as_of < (
    SELECT min(as_of) FROM (SELECT as_of FROM store.snapshots ORDER BY as_of DESC LIMIT $keep)
)
