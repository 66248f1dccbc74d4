SELECT trait, list(DISTINCT value ORDER BY value) AS values
FROM trait_profiles
WHERE as_of = $as_of
GROUP BY trait
