SELECT as_of, customers, status, lost AS lost_features, load_id FROM store.snapshots ORDER BY as_of
