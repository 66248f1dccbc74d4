SELECT as_of, status FROM store.snapshots ORDER BY as_of
