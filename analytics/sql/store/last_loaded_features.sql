-- The features of the last published snapshot, or of the last loaded one before there is any.
WITH last_load AS (
    SELECT l.columns
    FROM store.loads AS l
    JOIN store.snapshots AS s USING (load_id)
    ORDER BY s.status = 'published' DESC, s.as_of DESC
    LIMIT 1
),
uses AS (
    SELECT unnest(
        from_json(columns, '[{"role": "VARCHAR", "feature": "VARCHAR"}]'), recursive := true
    )
    FROM last_load
)
SELECT list(feature) AS features FROM uses WHERE role = 'feature' HAVING count(*) > 0
