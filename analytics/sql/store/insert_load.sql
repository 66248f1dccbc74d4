INSERT INTO store.loads (load_id, loaded_at, kind, as_of, file, sha256, rows, quarantined, columns, warnings)
VALUES ($load_id, $loaded_at, $kind, $as_of, $file, $sha256, $rows, $quarantined, $columns, $warnings)
