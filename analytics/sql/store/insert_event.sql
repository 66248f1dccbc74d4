INSERT INTO store.drift_events (
    as_of, event, kind, verdict, segment_id, other_segment_id, feature, effect, threshold, p_value,
    text, evidence
)
VALUES (
    $as_of, $event, $kind, $verdict, $segment_id, $other_segment_id, $feature, $effect, $threshold,
    $p_value, $text, $evidence
)
