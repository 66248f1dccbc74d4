SELECT coalesce(max(fit_id), 0) + 1 AS fit_id FROM store.fits
