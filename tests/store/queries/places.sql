from {}
select * from {}
select * from segments, {}
select * from segments join {} on true
select * from segments left join lateral (from {}) t on true
select * from (select * from {}) t
select (select count(*) from {})
select exists (from {})
select 1 in (from {})
select array(from {})
with a as (from {}) from a
with segments as (from {}) from segments
with a as (from segments), b as (from {}) select 1
with recursive r as (select 1 as n union all select n + 1 from r, {} where n < 3) from r
select 1 union all (from {})
select 1 except (from {})
values ((select 1 from {}))
select * from segments where share > (select count(*) from {})
select * from segments qualify row_number() over (order by (select count(*) from {})) = 1
select count(*) filter (where exists (from {})) from segments
select count(*) over (partition by (select 1 from {})) from segments
select 1 from segments group by all having exists (from {})
select * from segments order by (select 1 from {})
select * from segments limit (select count(*) from {})
select list_transform([1], lambda x: (select count(*) from {}))
select case when true then (select 1 from {}) end
select * replace ((select 1 from {}) as name) from segments
pivot (from {}) on name
pivot (from {}) on name using count(*)
pivot segments on name using sum((select 1 from {}))
with a as (from {}) pivot a on name using count(*)
unpivot (from {}) on columns(*)
describe from {}
summarize from {}
select * from (from {}) using sample 1
select * from (from {}) tablesample 10%
