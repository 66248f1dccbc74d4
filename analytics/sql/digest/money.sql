-- What every amount changed by in the week up to a date, in all segments together. Customers who
-- changed segment and those who stayed are the same people here, so both are "own"; moved: what those who changed segment have.
SELECT m.measure, c.label, sum(m.previous) AS previous, sum(m.population) AS population,
    sum(m.behaviour + m.model + m.within) AS own, sum(m.current) AS current,
    sum(m.current) / nullif(sum(m.previous), 0) - 1 AS relative_change,
    (SELECT sum(t.current) FROM transition_money AS t
     WHERE t.as_of = $as_of AND t.measure = m.measure) AS moved
FROM movement AS m
JOIN feature_catalogue AS c ON c.name = m.measure AND c.role = 'feature' AND c.unit = 'money'
WHERE m.as_of = $as_of
GROUP BY m.measure, c.label
ORDER BY m.measure
