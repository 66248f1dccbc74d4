-- One feature among the customers who meet a condition on a date; segment_id NULL is all of them.
SELECT m.segment_id, $feature AS feature, $label AS label, $unit AS unit,
    count({feature}) AS customers, avg({feature}) AS mean, median({feature}) AS median,
    min({feature}) AS min, quantile_cont({feature}, 0.1) AS p10,
    quantile_cont({feature}, 0.25) AS p25, quantile_cont({feature}, 0.75) AS p75,
    quantile_cont({feature}, 0.9) AS p90, max({feature}) AS max,
    count(*) FILTER (WHERE {feature} = 0) / nullif(count({feature}), 0) AS zero_share,
    sum({feature}) AS sum, NULL AS share_of_total, NULL AS index_vs_all, NULL AS effect
FROM feature_history AS f
JOIN segment_history AS m USING (customer_id)
WHERE f.as_of = $as_of AND m.as_of = $as_of AND m.segment_id IN $segments AND {matching}
GROUP BY GROUPING SETS ((m.segment_id), ())
ORDER BY m.segment_id NULLS LAST
