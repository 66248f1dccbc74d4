SELECT segment_id FROM store.segment_names
WHERE lower(name) = lower($name) AND segment_id <> $segment_id
