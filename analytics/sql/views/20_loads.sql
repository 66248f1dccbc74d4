SELECT load_id, loaded_at, kind, as_of, file, sha256, rows, quarantined, columns, warnings
FROM store.loads
ORDER BY load_id
