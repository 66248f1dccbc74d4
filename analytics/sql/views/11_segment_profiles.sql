SELECT as_of, segment_id, feature, customers, mean, median, min, p10, p25, p75, p90, max,
    zero_share, missing_share, sum, share_of_total, index_vs_all, effect
FROM store.profiles
WHERE segment_id > 0
