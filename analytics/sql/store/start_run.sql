-- The first start counts, but not one by a clock that was ahead.
INSERT INTO store.weekly_runs (due_at, started_at, finished_at) VALUES ($due_at, $now, NULL)
ON CONFLICT DO UPDATE SET started_at = least(started_at, excluded.started_at), finished_at = NULL
