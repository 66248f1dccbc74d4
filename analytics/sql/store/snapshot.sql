SELECT customers, content_hash, lost FROM store.snapshots WHERE as_of = $as_of
