SELECT name, label, unit, kind, transform, weight, use, synonyms, description
FROM store.feature_catalogue
WHERE role = $role
ORDER BY position
