-- The fit that decides the segments, and how stable they were when they were last measured.
SELECT f.fit_id, f.as_of, f.k, f.silhouette, f.min_jaccard, f.why_k
FROM fits AS f
WHERE f.fit_id = $fit_id
