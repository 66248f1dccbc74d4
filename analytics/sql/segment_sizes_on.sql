-- Size of each segment on a date, against the snapshot before and four weeks before.
-- usual_change: nine in ten weekly changes of the year before stayed within it (8 weeks at least);
-- less than 1 % is never unusual.
WITH weekly AS (
    SELECT segment_id, as_of,
        customers / lag(customers) OVER (PARTITION BY segment_id ORDER BY as_of) - 1 AS change
    FROM segment_sizes
    WHERE as_of < $as_of AND as_of >= $year_before
),
usual AS (
    SELECT segment_id, greatest(quantile_cont(abs(change), 0.9), 0.01) AS usual_change
    FROM weekly
    GROUP BY segment_id
    HAVING count(change) >= 8
)
SELECT z.segment_id, s.name, s.description, z.customers, z.share,
    (SELECT CAST(sum(customers) AS BIGINT) FROM segment_sizes WHERE as_of = $as_of)
        AS customers_of_all,
    p.customers AS previous_customers,
    z.customers - p.customers AS change,
    z.customers / p.customers - 1 AS relative_change,
    m.customers AS month_customers,
    z.customers - m.customers AS month_change,
    z.customers / m.customers - 1 AS month_relative_change,
    u.usual_change
FROM segment_sizes AS z
JOIN segments AS s USING (segment_id)
LEFT JOIN segment_sizes AS p ON p.segment_id = z.segment_id AND p.as_of = $previous
LEFT JOIN segment_sizes AS m ON m.segment_id = z.segment_id AND m.as_of = $month_before
LEFT JOIN usual AS u ON u.segment_id = z.segment_id
WHERE z.as_of = $as_of AND z.segment_id IN $segments
ORDER BY z.segment_id
