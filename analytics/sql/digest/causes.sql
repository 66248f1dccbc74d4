-- Customers who came, went or changed segment in the week up to a date, each counted once.
SELECT CAST(coalesce(sum(customers) FILTER (WHERE cause = 'behaviour'), 0) AS BIGINT) AS behaviour,
    CAST(coalesce(sum(customers) FILTER (WHERE cause = 'model'), 0) AS BIGINT) AS model,
    CAST(coalesce(sum(customers) FILTER (WHERE cause = 'population'), 0) AS BIGINT) AS population
FROM transitions
WHERE as_of = $as_of
