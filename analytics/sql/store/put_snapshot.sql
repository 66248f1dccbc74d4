INSERT OR REPLACE INTO store.snapshots (as_of, load_id, customers, content_hash, lost, status)
VALUES ($as_of, $load_id, $customers, $content_hash, $lost, 'loaded')
