SELECT fit_id, as_of, k, customers, inertia, silhouette, min_jaccard, features, why_k
FROM fits
WHERE fit_id = $fit_id
