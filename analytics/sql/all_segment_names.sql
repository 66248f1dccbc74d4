SELECT segment_id, name FROM segment_names ORDER BY segment_id, since
