INSERT OR REPLACE INTO store.feature_catalogue (
    name, column_name, role, label, unit, kind, transform, weight, use, synonyms, description, position
)
VALUES (
    $name, $column_name, $role, $label, $unit, $kind, $transform, $weight, $use, $synonyms,
    $description, $position
)
