-- What the weekly refits up to a date did.
SELECT count(*) AS refits, count(*) FILTER (WHERE refit = 'promoted') AS promoted,
    min(as_of) AS first_as_of, max(as_of) AS last_as_of
FROM refits
WHERE status = 'published' AND as_of <= $as_of
