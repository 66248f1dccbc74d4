-- How much more or less common each trait value is in a segment than among everyone (100 = same).
SELECT t.segment_id, t.trait, c.label, c.kind, t.value, t.customers, t.share, t.share_of_all,
    t.index_vs_all
FROM trait_profiles AS t
JOIN feature_catalogue AS c ON c.name = t.trait AND c.role = 'trait'
WHERE t.as_of = $as_of AND t.segment_id IN $segments AND t.trait IN $traits
ORDER BY t.segment_id, list_position($traits, t.trait), t.customers DESC, t.value
