-- How many customers have a feature in each band, up to and including its top (NULL: above all
-- tops); segment_id NULL is everyone.
WITH counted AS (
    SELECT m.segment_id, histogram(f.{feature}, $tops) AS bands
    FROM feature_history AS f
    JOIN segment_history AS m USING (customer_id)
    WHERE f.as_of = $as_of AND m.as_of = $as_of AND m.segment_id IN $segments
    GROUP BY m.segment_id
    UNION ALL
    SELECT NULL, histogram(f.{feature}, $tops) FROM feature_history AS f WHERE f.as_of = $as_of
),
long AS (
    SELECT segment_id, unnest(map_entries(bands)) AS band FROM counted
)
SELECT segment_id, CASE WHEN isfinite(band.key) THEN band.key END AS top,
    CAST(band.value AS BIGINT) AS customers,
    band.value / sum(band.value) OVER (PARTITION BY segment_id) AS share
FROM long
ORDER BY segment_id NULLS LAST, top NULLS LAST
