-- Why a segment's size changed after one date and up to another: parts that add up, in customers
-- or in a feature's sum.
SELECT m.segment_id, m.measure, coalesce(c.label, 'customers') AS label,
    coalesce(c.unit, 'number') AS unit, arg_min(m.previous, m.as_of) AS previous,
    sum(m.population) AS population, sum(m.behaviour) AS behaviour, sum(m.model) AS model,
    sum(m.within) AS within, arg_max(m.current, m.as_of) AS current,
    arg_max(m.current, m.as_of) - arg_min(m.previous, m.as_of) AS change,
    arg_max(m.current, m.as_of) / nullif(arg_min(m.previous, m.as_of), 0) - 1 AS relative_change
FROM movement AS m
LEFT JOIN feature_catalogue AS c ON c.name = m.measure AND c.role = 'feature'
WHERE m.as_of > $since AND m.as_of <= $as_of AND m.segment_id IN $segments
GROUP BY m.segment_id, m.measure, c.label, c.unit
ORDER BY m.segment_id, m.measure = 'customers' DESC, abs(relative_change) DESC, m.measure
