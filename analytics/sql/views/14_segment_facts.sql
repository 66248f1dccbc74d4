SELECT as_of, segment_id, jaccard, borderline_share, rule, rule_precision, rule_recall, exemplars,
    borderline_customer
FROM store.segment_facts
