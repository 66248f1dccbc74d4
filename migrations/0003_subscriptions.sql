-- Several channels and people get the digest, each at their own time.

CREATE TABLE store.subscriptions (
    subscription_id INTEGER PRIMARY KEY,   -- 0: what was changed about the configured channel
    target VARCHAR NOT NULL,               -- a Slack channel or person
    weekday VARCHAR NOT NULL,
    time VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL,
    segments INTEGER[] NOT NULL,           -- empty: all
    direction VARCHAR NOT NULL CHECK (direction IN ('any', 'fall', 'rise')),
    threshold DOUBLE,                      -- NULL: the digest; else a relative change of size
    quiet_until DATE,
    created_by VARCHAR NOT NULL,
    since TIMESTAMP NOT NULL               -- moments before it are not caught up
);

CREATE TABLE store.subscription_changes (
    changed_at TIMESTAMP NOT NULL,
    changed_by VARCHAR NOT NULL,
    subscription_id INTEGER NOT NULL,
    change VARCHAR NOT NULL CHECK (change IN ('created', 'changed', 'removed')),
    subscription JSON NOT NULL
);

-- One target may have several: a digest is known by its subscription too. An alert with nothing to
-- tell is skipped.
CREATE TEMPORARY TABLE digests_before AS FROM store.digests;
DROP TABLE store.digests;
CREATE TABLE store.digests (
    as_of DATE NOT NULL,
    channel VARCHAR NOT NULL,
    subscription_id INTEGER NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('claimed', 'posted', 'failed', 'skipped')),
    changed_at TIMESTAMP NOT NULL,
    message_ts VARCHAR,
    text VARCHAR NOT NULL,
    PRIMARY KEY (as_of, channel, subscription_id)
);
INSERT INTO store.digests BY NAME SELECT *, 0 AS subscription_id FROM digests_before;
DROP TABLE digests_before;

-- Published copies made before have older views.
UPDATE store.revision SET number = number + 1;
