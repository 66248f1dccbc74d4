-- One feature among the customers who meet a condition on a date; segment_id NULL is all of them.
WITH matched AS (
    SELECT segment_id, count({feature}) AS customers, avg({feature}) AS mean,
        min({feature}) AS min, max({feature}) AS max, sum({feature}) AS sum,
        count(*) FILTER (WHERE {feature} = 0) / nullif(count({feature}), 0) AS zero_share,
        quantile_cont({feature}, [0.1, 0.25, 0.5, 0.75, 0.9]) AS quantiles
    FROM segment_features
    WHERE as_of = $as_of AND segment_id IN $segments AND {matching}
    GROUP BY GROUPING SETS ((segment_id), ())
)
SELECT segment_id, $feature AS feature, $label AS label, $unit AS unit, customers, mean,
    quantiles[3] AS median, min, quantiles[1] AS p10, quantiles[2] AS p25, quantiles[4] AS p75,
    quantiles[5] AS p90, max, zero_share, sum, NULL AS share_of_total, NULL AS index_vs_all,
    NULL AS effect
FROM matched
ORDER BY segment_id NULLS LAST
