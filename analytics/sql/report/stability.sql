-- How well each segment came back when stability was last measured, and who is on the border now.
SELECT f.segment_id, f.borderline_share, f.rule, f.rule_precision, f.rule_recall,
    (SELECT arg_max(m.jaccard, m.as_of) FROM segment_facts AS m
     WHERE m.segment_id = f.segment_id AND m.as_of <= $as_of AND m.jaccard IS NOT NULL) AS jaccard
FROM segment_facts AS f
WHERE f.as_of = $as_of
ORDER BY f.segment_id
