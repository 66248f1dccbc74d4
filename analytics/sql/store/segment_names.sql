SELECT segment_id, name FROM store.segments WHERE born_as_of < $as_of
