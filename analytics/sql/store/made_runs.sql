-- Runs that were made, without those begun by a clock that was ahead.
SELECT due_at FROM store.weekly_runs WHERE finished_at IS NOT NULL AND started_at <= $now
