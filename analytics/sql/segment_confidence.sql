SELECT segment_id, jaccard, borderline_share, rule, rule_precision, rule_recall
FROM segment_facts
WHERE as_of = $as_of AND segment_id IN $segments
