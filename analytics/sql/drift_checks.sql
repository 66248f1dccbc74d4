-- The weekly checks of a time, and the last alarm about segments or everyone before its end.
SELECT count(*) AS checks, min(as_of) AS first_check,
    (
        SELECT max(as_of) FROM drift_events
        WHERE verdict = 'alarm' AND as_of <= $as_of
            AND (segment_id IS NULL OR segment_id IN $segments OR other_segment_id IN $segments)
            AND (feature IS NULL OR feature IN $features)
    ) AS last_alarm
FROM refits
WHERE as_of > $after AND as_of <= $as_of
