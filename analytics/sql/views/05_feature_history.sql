SELECT f.* EXCLUDE (segment_id)
FROM store.features AS f
WHERE f.as_of IN (SELECT as_of FROM store.snapshots WHERE status = 'published')
