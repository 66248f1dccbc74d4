UPDATE store.snapshots SET status = $status WHERE as_of = $as_of
