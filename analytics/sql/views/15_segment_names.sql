SELECT segment_id, name, since, named_by FROM store.segment_names ORDER BY segment_id, since
