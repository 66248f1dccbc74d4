SELECT name, label, unit, kind, transform, weight, use, synonyms, description
FROM feature_catalogue
WHERE role = $role
