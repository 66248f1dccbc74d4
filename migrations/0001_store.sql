-- What Segmentry keeps. Tables live in schema store; people read the views of schema main.
-- Feature and trait columns are added to store.features and store.customers as files bring them.

-- Bumped by every commit; a published copy with a smaller number is out of date.
CREATE TABLE store.revision (number BIGINT NOT NULL);
INSERT INTO store.revision VALUES (0);

CREATE TABLE store.feature_catalogue (
    name VARCHAR PRIMARY KEY,
    column_name VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('feature', 'trait')),
    label VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    transform VARCHAR NOT NULL,
    weight DOUBLE NOT NULL,
    use VARCHAR NOT NULL,
    synonyms VARCHAR[] NOT NULL,
    description VARCHAR NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE store.loads (
    load_id INTEGER PRIMARY KEY,
    loaded_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('features', 'customers')),
    as_of DATE NOT NULL,
    file VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    rows BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    columns JSON NOT NULL,
    warnings VARCHAR[] NOT NULL
);

CREATE TABLE store.quarantine (
    load_id INTEGER NOT NULL,
    file_row BIGINT NOT NULL,
    column_name VARCHAR,
    value VARCHAR,
    reason VARCHAR NOT NULL
);

CREATE TABLE store.customers (
    customer_id VARCHAR PRIMARY KEY,
    first_seen DATE,
    last_seen DATE
);

CREATE TABLE store.snapshots (
    as_of DATE PRIMARY KEY,
    load_id INTEGER NOT NULL,
    customers BIGINT NOT NULL,
    content_hash VARCHAR NOT NULL,
    lost VARCHAR[] NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('loaded', 'published', 'refused'))
);

CREATE TABLE store.features (
    as_of DATE NOT NULL,
    customer_id VARCHAR NOT NULL
);

-- One row for each K-Means run that was kept, challengers included. explained: share of the
-- variance the clusters account for; rule_explained: what grouping by zero columns does.
CREATE TABLE store.fits (
    fit_id INTEGER PRIMARY KEY,
    as_of DATE NOT NULL,
    fitted_at TIMESTAMP NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('anchor', 'challenger')),
    k INTEGER NOT NULL,
    seed BIGINT NOT NULL,
    customers BIGINT NOT NULL,
    inertia DOUBLE NOT NULL,
    silhouette DOUBLE NOT NULL,
    min_jaccard DOUBLE,
    explained DOUBLE,
    rule_explained DOUBLE,
    features VARCHAR[] NOT NULL,
    why_k VARCHAR NOT NULL,
    k_evidence JSON NOT NULL,
    parameters JSON NOT NULL
);

CREATE TABLE store.segments (
    segment_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('active', 'retired')),
    named_by VARCHAR NOT NULL CHECK (named_by IN ('segmentry', 'person')),
    colour VARCHAR NOT NULL,
    born_as_of DATE NOT NULL,
    retired_as_of DATE
);

CREATE TABLE store.segment_names (
    segment_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    since DATE NOT NULL,
    named_by VARCHAR NOT NULL
);

-- One row for each date whose snapshot was judged: what the weekly run did and said.
CREATE TABLE store.refits (
    as_of DATE PRIMARY KEY,
    status VARCHAR NOT NULL CHECK (status IN ('published', 'refused')),
    refit VARCHAR CHECK (refit IN ('kept', 'promoted', 'held')),
    anchor_fit_id INTEGER,
    challenger_fit_id INTEGER,
    customers BIGINT NOT NULL,
    customers_entered BIGINT NOT NULL,
    customers_left BIGINT NOT NULL,
    judged_at TIMESTAMP NOT NULL,
    why VARCHAR NOT NULL,
    result JSON NOT NULL
);

CREATE TABLE store.segment_history (
    as_of DATE NOT NULL,
    customer_id VARCHAR NOT NULL,
    segment_id INTEGER NOT NULL
);

-- The latest date only: where each customer stands between its centre and the next.
CREATE TABLE store.current_members (
    customer_id VARCHAR NOT NULL,
    segment_id INTEGER NOT NULL,
    distance REAL NOT NULL,
    runner_up INTEGER,
    margin REAL NOT NULL,
    borderline BOOLEAN NOT NULL
);

CREATE TABLE store.segment_sizes (
    as_of DATE NOT NULL,
    segment_id INTEGER NOT NULL,
    customers BIGINT NOT NULL,
    share DOUBLE NOT NULL,
    PRIMARY KEY (as_of, segment_id)
);

-- segment_id 0 is the whole base.
CREATE TABLE store.profiles (
    as_of DATE NOT NULL,
    segment_id INTEGER NOT NULL,
    feature VARCHAR NOT NULL,
    customers BIGINT NOT NULL,
    mean DOUBLE,
    median DOUBLE,
    min DOUBLE,
    p10 DOUBLE,
    p25 DOUBLE,
    p75 DOUBLE,
    p90 DOUBLE,
    max DOUBLE,
    zero_share DOUBLE,
    missing_share DOUBLE,
    sum DOUBLE,
    share_of_total DOUBLE,
    index_vs_all DOUBLE,
    effect DOUBLE
);

CREATE TABLE store.trait_profiles (
    as_of DATE NOT NULL,
    segment_id INTEGER NOT NULL,
    trait VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    customers BIGINT NOT NULL,
    share DOUBLE NOT NULL,
    index_vs_all DOUBLE
);

CREATE TABLE store.segment_facts (
    as_of DATE NOT NULL,
    segment_id INTEGER NOT NULL,
    jaccard DOUBLE,
    borderline_share DOUBLE NOT NULL,
    rule VARCHAR NOT NULL,
    rule_precision DOUBLE NOT NULL,
    rule_recall DOUBLE NOT NULL,
    exemplars VARCHAR[] NOT NULL,
    borderline_customer VARCHAR
);

-- from NULL: entered; to NULL: left. "stayed" has from = to.
CREATE TABLE store.transitions (
    from_as_of DATE NOT NULL,
    as_of DATE NOT NULL,
    from_segment_id INTEGER,
    to_segment_id INTEGER,
    cause VARCHAR NOT NULL CHECK (cause IN ('stayed', 'behaviour', 'model', 'population')),
    customers BIGINT NOT NULL
);

-- previous + population + behaviour + model + within = current, in customers and in money.
CREATE TABLE store.movement (
    as_of DATE NOT NULL,
    segment_id INTEGER NOT NULL,
    measure VARCHAR NOT NULL,
    previous DOUBLE NOT NULL,
    population DOUBLE NOT NULL,
    behaviour DOUBLE NOT NULL,
    model DOUBLE NOT NULL,
    within DOUBLE NOT NULL,
    current DOUBLE NOT NULL
);

CREATE TABLE store.drift_events (
    as_of DATE NOT NULL,
    event INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    segment_id INTEGER,
    other_segment_id INTEGER,
    feature VARCHAR,
    effect DOUBLE NOT NULL,
    threshold DOUBLE NOT NULL,
    p_value DOUBLE,
    text VARCHAR NOT NULL,
    evidence JSON NOT NULL
);

CREATE TABLE store.digests (
    as_of DATE NOT NULL,
    channel VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('claimed', 'posted', 'failed')),
    changed_at TIMESTAMP NOT NULL,
    message_ts VARCHAR,
    text VARCHAR NOT NULL,
    PRIMARY KEY (as_of, channel)
);

-- What the weekly check remembers between dates, as analytics/weekly.py hands it over.
CREATE TABLE store.memory (
    as_of DATE NOT NULL,
    name VARCHAR NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (as_of, name)
);
