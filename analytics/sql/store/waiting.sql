SELECT
    (SELECT count(*) FROM store.snapshots AS s
     WHERE s.status = 'loaded'
     AND s.as_of > coalesce((SELECT max(as_of) FROM store.refits), DATE '0001-01-01')) AS snapshots,
    (SELECT max(judged_at) FROM store.refits) AS judged_at,
    (SELECT max(as_of) FROM store.snapshots) AS newest,
    EXISTS (FROM store.weekly_runs WHERE finished_at IS NULL) AS unfinished,
    EXISTS (
        FROM store.digests
        WHERE channel = $channel AND status = 'posted'
            AND as_of = (SELECT max(as_of) FROM store.refits)
    ) AS posted
