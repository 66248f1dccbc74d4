SELECT s.segment_id, s.name, s.description, s.status, s.named_by, s.colour, s.born_as_of,
    s.retired_as_of, coalesce(z.customers, 0) AS customers, coalesce(z.share, 0) AS share,
    (SELECT max(as_of) FROM store.refits WHERE status = 'published') AS as_of
FROM store.segments AS s
LEFT JOIN store.segment_sizes AS z
    ON z.segment_id = s.segment_id
    AND z.as_of = (SELECT max(as_of) FROM store.refits WHERE status = 'published')
ORDER BY s.segment_id
