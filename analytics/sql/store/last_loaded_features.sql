SELECT list(c.feature) AS features
FROM (
    SELECT unnest(from_json(columns, '[{"role": "VARCHAR", "feature": "VARCHAR"}]'), recursive := true)
    FROM store.loads
    WHERE kind = 'features'
    ORDER BY as_of DESC, load_id DESC
    LIMIT 1
) AS c
WHERE c.role = 'feature'
HAVING count(*) > 0
