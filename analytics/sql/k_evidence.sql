-- What spoke for and against each number of segments when the fit was chosen.
SELECT unnest(
    from_json(
        k_evidence,
        '[{"k": "INTEGER", "inertia": "DOUBLE", "silhouette": "DOUBLE", "min_jaccard": "DOUBLE", "min_share": "DOUBLE", "passes": "BOOLEAN", "reason": "VARCHAR"}]'
    ),
    recursive := true
)
FROM fits
WHERE fit_id = $fit_id
