SELECT name, column_name, role, label, unit, kind, transform, weight, use, synonyms, description
FROM store.feature_catalogue
ORDER BY role, position
