-- The segments one customer has been in, one row for each uninterrupted time.
WITH steps AS (
    SELECT as_of, segment_id,
        segment_id IS DISTINCT FROM lag(segment_id) OVER (ORDER BY as_of) AS changed
    FROM segment_history
    WHERE customer_id = $customer AND as_of <= $as_of
),
times AS (
    SELECT as_of, segment_id,
        sum(CASE WHEN changed THEN 1 ELSE 0 END) OVER (ORDER BY as_of) AS period
    FROM steps
)
SELECT t.segment_id, s.name, min(t.as_of) AS since, max(t.as_of) AS until, count(*) AS snapshots
FROM times AS t
JOIN segments AS s USING (segment_id)
GROUP BY t.period, t.segment_id, s.name
ORDER BY since
