-- Why a segment's size changed: four parts that add up, in customers or in a feature's sum.
SELECT m.as_of, m.segment_id, m.measure, coalesce(c.label, 'customers') AS label,
    coalesce(c.unit, 'number') AS unit, m.previous, m.population, m.behaviour, m.model, m.within,
    m.current, m.current - m.previous AS change, m.current / nullif(m.previous, 0) - 1 AS relative_change
FROM movement AS m
LEFT JOIN feature_catalogue AS c ON c.name = m.measure AND c.role = 'feature'
WHERE m.as_of = $as_of AND m.segment_id IN $segments
ORDER BY m.segment_id, m.measure = 'customers' DESC, m.measure
