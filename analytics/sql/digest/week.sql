-- What the weekly run of a date did, refused or published, with the file it read.
SELECT r.as_of, r.status, r.refit, r.fit_id, r.customers, r.customers_entered, r.customers_left,
    r.judged_at, r.why, l.file, l.rows, l.quarantined, l.loaded_at,
    coalesce(s.lost_features, []) AS lost_features
FROM refits AS r
LEFT JOIN snapshots AS s USING (as_of)
LEFT JOIN loads AS l USING (load_id)
WHERE r.as_of <= coalesce($as_of, DATE '9999-12-31')
ORDER BY r.as_of DESC
LIMIT 1
