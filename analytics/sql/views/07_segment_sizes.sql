SELECT as_of, segment_id, customers, share FROM store.segment_sizes
