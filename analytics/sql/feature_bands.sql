-- How many customers have a feature in each band, up to and including its top (NULL: above all
-- tops); segment_id NULL is everyone.
WITH counted AS (
    SELECT segment_id, histogram({feature}, $tops) AS bands
    FROM segment_features
    WHERE as_of = $as_of AND segment_id IN $segments
    GROUP BY segment_id
    UNION ALL
    SELECT NULL, histogram({feature}, $tops) FROM segment_features WHERE as_of = $as_of
),
long AS (
    SELECT segment_id, unnest(map_entries(bands)) AS band FROM counted
)
SELECT segment_id, CASE WHEN isfinite(band.key) THEN band.key END AS top,
    CAST(band.value AS BIGINT) AS customers,
    band.value / sum(band.value) OVER (PARTITION BY segment_id) AS share
FROM long
ORDER BY segment_id NULLS LAST, top NULLS LAST
