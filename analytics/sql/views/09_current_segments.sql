SELECT m.customer_id, m.segment_id, s.name AS segment_name,
    (SELECT max(as_of) FROM store.refits WHERE status = 'published') AS as_of,
    m.distance, m.runner_up, m.margin, m.borderline
FROM store.current_members AS m
JOIN store.segments AS s USING (segment_id)
