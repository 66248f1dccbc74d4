-- Features without a value for some customers on a date.
SELECT c.label, b.missing_share
FROM base_profiles AS b
JOIN feature_catalogue AS c ON c.name = b.feature AND c.role = 'feature'
WHERE b.as_of = $as_of AND b.missing_share > 0
ORDER BY b.missing_share DESC, c.label
