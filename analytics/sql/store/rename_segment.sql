UPDATE store.segments SET name = $name, named_by = 'person' WHERE segment_id = $segment_id
