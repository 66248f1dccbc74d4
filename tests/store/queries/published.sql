CREATE SCHEMA store;
CREATE TABLE store.secrets AS SELECT 'never shown' AS secret, 'x' AS name;
CREATE TABLE store.segments AS FROM (VALUES
    (1, 'Big spenders', 'They spend', 'active', NULL::DATE, 600, 0.6, DATE '2026-01-12'),
    (2, 'Sleepers', NULL, 'active', NULL, 400, 0.4, DATE '2026-01-12')
) v(segment_id, name, description, status, retired_as_of, customers, share, as_of);
CREATE VIEW segments AS FROM store.segments;
CREATE TABLE store.features AS
    SELECT DATE '2026-01-12' AS as_of, 'C' || i AS customer_id, i * 1.5 AS balance,
           (i % 13) * 10.0 AS purchases, 6 + i % 7 AS tenure
    FROM range(1000) r(i);
CREATE VIEW features AS FROM store.features;
CREATE VIEW current_segments AS
    SELECT customer_id, IF(balance > 900, 2, 1) AS segment_id, as_of FROM store.features;
CREATE VIEW segment_sizes AS
    SELECT DATE '2026-01-05' + 7 * week AS as_of, segment_id,
           500 + segment_id * week AS customers, 0.5 AS share
    FROM (VALUES (0), (1)) a(week), (VALUES (1), (2)) b(segment_id);
CREATE VIEW segment_profiles AS
    SELECT DATE '2026-01-12' AS as_of, 1 AS segment_id, 'BALANCE' AS feature, 1.0 AS mean;
CREATE VIEW drift_events AS
    SELECT DATE '2026-01-12' AS as_of, '{"x": 1}'::JSON AS evidence;
CHECKPOINT;
