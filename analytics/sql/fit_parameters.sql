SELECT parameters FROM fits WHERE fit_id = $fit_id
