-- The files of the checks up to a date, latest first.
SELECT r.as_of, r.status, l.file, l.rows, l.quarantined, l.loaded_at, len(l.warnings) AS warnings
FROM refits AS r
LEFT JOIN snapshots AS s USING (as_of)
LEFT JOIN loads AS l USING (load_id)
WHERE r.as_of <= $as_of
ORDER BY r.as_of DESC
LIMIT 8
