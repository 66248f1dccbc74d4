SELECT from_as_of, as_of, from_segment_id, to_segment_id, cause, customers FROM store.transitions
