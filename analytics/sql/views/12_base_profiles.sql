SELECT as_of, feature, customers, mean, median, min, p10, p25, p75, p90, max, zero_share,
    missing_share, sum
FROM store.profiles
WHERE segment_id = 0
