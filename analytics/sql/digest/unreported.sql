-- Weeks judged before a date and after the last one whose digest was posted to a target.
SELECT r.as_of, r.status, r.why,
    count(e.event) FILTER (WHERE e.verdict = 'alarm') AS alarms,
    count(e.event) FILTER (WHERE e.verdict = 'watch') AS watches,
    min_by(e.text, e.event) FILTER (WHERE e.verdict = 'alarm') AS first_alarm
FROM refits AS r
LEFT JOIN drift_events AS e USING (as_of)
WHERE r.as_of < $as_of AND r.as_of > (
    SELECT max(as_of) FROM digests
    WHERE channel = $channel AND subscription_id = $subscription_id AND status = 'posted'
        AND as_of < $as_of
)
GROUP BY ALL
ORDER BY r.as_of
