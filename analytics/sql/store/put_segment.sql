INSERT INTO store.segments (
    segment_id, name, description, status, named_by, colour, born_as_of, retired_as_of
)
VALUES ($segment_id, $name, $description, $status, 'segmentry', $colour, $born_as_of, $retired_as_of)
ON CONFLICT (segment_id) DO UPDATE SET
    description = CASE WHEN excluded.description = '' THEN description ELSE excluded.description END,
    status = excluded.status,
    retired_as_of = excluded.retired_as_of
