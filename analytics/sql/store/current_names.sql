SELECT segment_id, name FROM store.segments
