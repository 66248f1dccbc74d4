SELECT parameters FROM store.fits WHERE fit_id = $fit_id
