-- feature_history with the segment each customer was in on the same date.
SELECT f.as_of, f.segment_id, f.* EXCLUDE (as_of, segment_id)
FROM store.features AS f
WHERE f.as_of IN (SELECT as_of FROM store.snapshots WHERE status = 'published')
