-- What the check of a date found, alarms first.
SELECT e.as_of, e.kind, e.verdict, e.segment_id, s.name, e.other_segment_id, e.feature, e.effect,
    e.threshold, e.text
FROM drift_events AS e
LEFT JOIN segments AS s USING (segment_id)
WHERE e.as_of = $as_of
ORDER BY e.verdict, e.event
