DELETE FROM store.memory
WHERE as_of < (SELECT max(as_of) FROM store.memory WHERE as_of < $as_of)
