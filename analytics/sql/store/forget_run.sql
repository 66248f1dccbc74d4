DELETE FROM store.weekly_runs WHERE due_at = $due_at AND finished_at IS NULL
