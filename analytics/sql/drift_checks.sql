-- The weekly checks of a time: how many, how many alarmed, and the last alarm before their end.
SELECT count(*) AS checks, count(*) FILTER (WHERE alarms > 0) AS alarm_weeks,
    min(as_of) AS first_check,
    (SELECT max(as_of) FROM drift_events WHERE verdict = 'alarm' AND as_of <= $as_of) AS last_alarm
FROM (
    SELECT r.as_of, count(e.event) FILTER (WHERE e.verdict = 'alarm') AS alarms
    FROM refits AS r
    LEFT JOIN drift_events AS e USING (as_of)
    WHERE r.as_of > $after AND r.as_of <= $as_of
    GROUP BY r.as_of
)
