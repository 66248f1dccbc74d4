SELECT as_of, from_segment_id, to_segment_id, measure, previous, current FROM store.transition_money
