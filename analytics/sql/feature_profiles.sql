-- What segments are like on a date, feature by feature; segment_id NULL is everyone.
SELECT p.segment_id, c.name AS feature, c.label, c.unit, p.customers, p.mean, p.median, p.min,
    p.p10, p.p25, p.p75, p.p90, p.max, p.zero_share, p.sum, p.share_of_total, p.index_vs_all,
    p.effect
FROM (
    SELECT * FROM segment_profiles WHERE as_of = $as_of AND segment_id IN $segments
    UNION ALL BY NAME
    SELECT *, 1.0 AS share_of_total, 100.0 AS index_vs_all FROM base_profiles WHERE as_of = $as_of
) AS p
JOIN feature_catalogue AS c ON c.name = p.feature AND c.role = 'feature'
WHERE p.feature IN $features
ORDER BY p.segment_id NULLS LAST, list_position($features, p.feature)
