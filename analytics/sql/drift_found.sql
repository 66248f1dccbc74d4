-- What the weekly checks after one date and up to another found.
SELECT e.as_of, e.kind, e.verdict, e.segment_id, s.name, e.other_segment_id, e.feature, e.effect,
    e.threshold, e.text
FROM drift_events AS e
LEFT JOIN segments AS s USING (segment_id)
WHERE e.as_of > $after AND e.as_of <= $as_of
    AND (e.segment_id IS NULL OR e.segment_id IN $segments OR e.other_segment_id IN $segments)
ORDER BY e.as_of DESC, e.verdict, e.event
