UPDATE store.weekly_runs SET finished_at = $now WHERE finished_at IS NULL
