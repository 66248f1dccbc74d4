SELECT r.as_of, r.status, f.parameters
FROM store.refits AS r
JOIN store.fits AS f ON f.fit_id = r.anchor_fit_id
WHERE r.as_of IN (SELECT as_of FROM store.features)
ORDER BY r.as_of
