-- One customer's segment on a date; how near the next one is, on the latest date only.
SELECT h.customer_id, h.segment_id, s.name, m.runner_up, r.name AS runner_up_name, m.margin,
    m.borderline
FROM segment_history AS h
JOIN segments AS s USING (segment_id)
LEFT JOIN current_segments AS m ON m.customer_id = h.customer_id AND m.as_of = h.as_of
LEFT JOIN segments AS r ON r.segment_id = m.runner_up
WHERE h.customer_id = $customer AND h.as_of = $as_of
