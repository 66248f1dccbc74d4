INSERT OR REPLACE INTO store.weekly_runs (due_at, started_at, finished_at) VALUES ($due_at, $now, NULL)
