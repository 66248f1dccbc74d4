-- Alarms and findings to watch of every check up to a date.
SELECT r.as_of, r.status,
    count(e.event) FILTER (WHERE e.verdict = 'alarm') AS alarms,
    count(e.event) FILTER (WHERE e.verdict = 'watch') AS watches,
    min_by(e.text, (e.verdict, e.event)) AS first_text
FROM refits AS r
LEFT JOIN drift_events AS e USING (as_of)
WHERE r.as_of BETWEEN $since AND $as_of
GROUP BY r.as_of, r.status
ORDER BY r.as_of
