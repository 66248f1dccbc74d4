SELECT q.load_id, l.file, l.as_of, q.file_row, q.column_name, q.value, q.reason
FROM store.quarantine AS q
JOIN store.loads AS l USING (load_id)
