SELECT t.as_of, t.segment_id, t.trait, t.value, t.customers, t.share,
    b.share AS share_of_all, t.index_vs_all
FROM store.trait_profiles AS t
JOIN store.trait_profiles AS b
    ON b.segment_id = 0 AND b.as_of = t.as_of AND b.trait = t.trait AND b.value = t.value
WHERE t.segment_id > 0
