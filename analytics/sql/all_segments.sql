SELECT segment_id, name, description, status, colour, born_as_of, retired_as_of, customers, share
FROM segments
ORDER BY segment_id
