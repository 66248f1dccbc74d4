-- Who went where in the week up to a date, with totals; a NULL segment: not a customer then.
WITH moves AS (
    SELECT from_segment_id, to_segment_id, customers FROM transitions WHERE as_of = $as_of
)
SELECT GROUPING(m.from_segment_id) = 0 AS by_from, GROUPING(m.to_segment_id) = 0 AS by_to,
    m.from_segment_id, any_value(f.name) AS from_name, m.to_segment_id,
    any_value(g.name) AS to_name,
    CAST(sum(m.customers) AS BIGINT) AS customers,
    CAST(coalesce(sum(m.customers) FILTER (WHERE m.from_segment_id <> m.to_segment_id), 0)
        AS BIGINT) AS moved,
    CAST(coalesce(sum(m.customers) FILTER (WHERE m.from_segment_id IS NULL), 0) AS BIGINT)
        AS entered,
    CAST(coalesce(sum(m.customers) FILTER (WHERE m.to_segment_id IS NULL), 0) AS BIGINT) AS gone,
    coalesce(sum(m.customers) FILTER (WHERE m.from_segment_id <> m.to_segment_id), 0)
        / nullif(sum(m.customers) FILTER (WHERE m.from_segment_id IS NOT NULL), 0) AS moved_share,
    sum(m.customers) / sum(sum(m.customers)) OVER (
        PARTITION BY GROUPING(m.from_segment_id), GROUPING(m.to_segment_id), m.from_segment_id
    ) AS share_of_from
FROM moves AS m
LEFT JOIN segments AS f ON f.segment_id = m.from_segment_id
LEFT JOIN segments AS g ON g.segment_id = m.to_segment_id
GROUP BY GROUPING SETS (
    (m.from_segment_id, m.to_segment_id), (m.from_segment_id), (m.to_segment_id), ()
)
ORDER BY customers DESC, m.from_segment_id, m.to_segment_id
