SELECT as_of, segment_id, measure, previous, population, behaviour, model, within, current
FROM store.movement
