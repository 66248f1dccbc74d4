-- What a weekly run must not forget when it is stopped half-way, and what the digest says of money.

-- A run is unfinished until its digest is where it should be.
CREATE TABLE store.weekly_runs (
    due_at TIMESTAMP PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP
);

-- Amounts of the customers who changed segment since the snapshot before: then, and at the date.
CREATE TABLE store.transition_money (
    as_of DATE NOT NULL,
    from_segment_id INTEGER NOT NULL,
    to_segment_id INTEGER NOT NULL,
    measure VARCHAR NOT NULL,
    previous DOUBLE NOT NULL,
    current DOUBLE NOT NULL
);
