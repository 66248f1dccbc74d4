-- A statistic of one feature in segments from one date to another; segment_id NULL is everyone.
SELECT p.as_of, p.segment_id, s.name, p.{statistic} AS value, NULL AS share,
    p.{statistic} - lag(p.{statistic}) OVER w AS change,
    p.{statistic} - first_value(p.{statistic}) OVER w AS since_start,
    p.{statistic} / nullif(first_value(p.{statistic}) OVER w, 0) - 1 AS relative_since_start
FROM (
    SELECT * FROM segment_profiles WHERE segment_id IN $segments
    UNION ALL BY NAME
    SELECT *, 1.0 AS share_of_total, 100.0 AS index_vs_all FROM base_profiles
) AS p
LEFT JOIN segments AS s USING (segment_id)
WHERE p.feature = $feature AND p.as_of BETWEEN $since AND $as_of
WINDOW w AS (PARTITION BY p.segment_id ORDER BY p.as_of)
ORDER BY p.segment_id NULLS LAST, p.as_of
