SELECT as_of, event, kind, verdict, segment_id, other_segment_id, feature, effect, threshold,
    p_value, text, evidence
FROM store.drift_events
ORDER BY as_of, event
