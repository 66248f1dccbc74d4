DELETE FROM store.features WHERE as_of = $as_of
