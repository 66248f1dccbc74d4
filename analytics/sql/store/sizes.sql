SELECT segment_id, customers FROM store.segment_sizes WHERE as_of = $as_of
