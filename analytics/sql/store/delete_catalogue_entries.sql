DELETE FROM store.feature_catalogue WHERE list_contains($names, name)
