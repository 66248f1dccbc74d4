SELECT as_of, content_hash, status FROM store.snapshots ORDER BY as_of
