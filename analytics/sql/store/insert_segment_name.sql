INSERT INTO store.segment_names (segment_id, name, since, named_by)
VALUES ($segment_id, $name, $since, $named_by)
