-- ready_at: the moment of the run that judged the last snapshot; the time of the judging where it
-- was made by hand.
WITH last AS (SELECT max(as_of) AS as_of, max(judged_at) AS judged_at FROM store.refits)
SELECT
    (SELECT count(*) FROM store.snapshots AS s
     WHERE s.status = 'loaded' AND s.as_of > coalesce(last.as_of, DATE '0001-01-01')) AS snapshots,
    last.judged_at,
    (SELECT max(as_of) FROM store.snapshots) AS newest,
    EXISTS (FROM store.weekly_runs WHERE finished_at IS NULL) AS unfinished,
    coalesce(
        (SELECT max(due_at) FROM store.weekly_runs
         WHERE started_at <= last.judged_at
             AND (finished_at IS NULL OR finished_at >= last.judged_at)),
        last.judged_at
    ) AS ready_at,
    (SELECT coalesce(list({'target': channel, 'subscription_id': subscription_id}), [])
     FROM store.digests
     WHERE status IN ('posted', 'skipped') AND digests.as_of = last.as_of) AS told
FROM last
