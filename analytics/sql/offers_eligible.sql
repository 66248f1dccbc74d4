-- How many customers of each segment are eligible for each offer, and of everyone.
WITH counted AS (
    SELECT segment_id, count(*) AS customers, {eligible}
    FROM segment_features
    WHERE as_of = $as_of
    GROUP BY GROUPING SETS ((segment_id), ())
),
long AS (
    UNPIVOT counted ON COLUMNS(* EXCLUDE (segment_id, customers)) INTO NAME offer VALUE eligible
)
SELECT l.segment_id, s.name, l.offer, l.customers, l.eligible, l.eligible / l.customers AS share,
    a.eligible / a.customers AS share_of_all
FROM long AS l
JOIN segments AS s USING (segment_id)
JOIN long AS a ON a.offer = l.offer AND a.segment_id IS NULL
ORDER BY l.segment_id, l.offer
