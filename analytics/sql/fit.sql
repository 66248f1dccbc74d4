SELECT fit_id, as_of, k, customers, inertia, silhouette, min_jaccard, explained,
    rule_explained, features, why_k
FROM fits
WHERE fit_id = $fit_id
