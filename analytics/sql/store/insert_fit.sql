INSERT INTO store.fits (
    fit_id, as_of, fitted_at, role, k, seed, customers, inertia, silhouette, min_jaccard, explained,
    rule_explained, features, why_k, k_evidence, parameters
)
VALUES (
    $fit_id, $as_of, $fitted_at, $role, $k, $seed, $customers, $inertia, $silhouette, $min_jaccard,
    $explained, $rule_explained, $features, $why_k, $k_evidence, $parameters
)
