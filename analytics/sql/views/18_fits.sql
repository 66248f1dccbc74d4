SELECT fit_id, as_of, fitted_at, role, k, seed, customers, inertia, silhouette, min_jaccard,
    explained, rule_explained, features, why_k, k_evidence, parameters
FROM store.fits
ORDER BY fit_id
