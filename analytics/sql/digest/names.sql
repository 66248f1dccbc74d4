-- What segments were called on a date.
SELECT segment_id, arg_max(name, (since, named_by = 'person')) AS name
FROM segment_names
WHERE since <= $as_of
GROUP BY segment_id
ORDER BY segment_id
