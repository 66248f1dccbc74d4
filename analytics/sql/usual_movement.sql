-- Share of customers that change segment in a week: nine in ten earlier weeks stayed below it.
SELECT count(*) AS weeks, quantile_cont(moved_share, 0.9) AS usual_share
FROM (
    SELECT as_of, sum(customers) FILTER (WHERE from_segment_id <> to_segment_id)
        / sum(customers) FILTER (WHERE from_segment_id IS NOT NULL) AS moved_share
    FROM transitions
    WHERE as_of < $as_of AND as_of >= $year_before
    GROUP BY as_of
)
HAVING count(*) >= 8
