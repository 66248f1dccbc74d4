SELECT f.* EXCLUDE (segment_id)
FROM store.features AS f
WHERE f.as_of = (SELECT max(as_of) FROM store.snapshots WHERE status = 'published')
