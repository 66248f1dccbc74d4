-- Snapshots refused after a date: their numbers were never published.
SELECT as_of, why FROM refits WHERE status = 'refused' AND as_of > $after ORDER BY as_of
