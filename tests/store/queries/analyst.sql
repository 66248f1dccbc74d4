SELECT segment_id, name FROM segments
SELECT * FROM segments;
FROM segments
TABLE segments
from segments select name where share > 0.1
select count(*) from features -- how many
/* top */ select segment_id, count(*) n from current_segments group by all order by n desc limit 5
select segment_id, count(*) from current_segments group by 1 having count(*) > 1 order by 2 desc nulls last
with big as (select * from segments where share > 0.1) select name from big
with recursive r(n) as (select 1 union all select n + 1 from r where n < 10) select sum(n) from r
with recursive r(n) as (select 1 union select n + 1 from r where n < 10) select * from r
with s as materialized (from segments) from s
with segments as (from segments where segment_id = 1) from segments
select as_of, customers - lag(customers) over (partition by segment_id order by as_of) as change from segment_sizes
select *, row_number() over w, ntile(4) over w, first_value(share) over w, rank() over w from segment_sizes window w as (partition by segment_id order by as_of)
select sum(customers) over (order by as_of rows between 2 preceding and current row exclude current row) from segment_sizes
select cume_dist() over w, lead(balance, 1, 0) over w, last_value(balance ignore nulls) over w from features window w as (order by balance)
select * from segment_sizes qualify row_number() over (partition by segment_id order by as_of desc) = 1
pivot segment_sizes on segment_id using sum(customers) group by as_of
pivot segment_sizes on segment_id in (1, 2) using sum(customers) as c, avg(share) as s group by as_of
pivot (select as_of, segment_id, customers from segment_sizes) on segment_id using first(customers) order by as_of limit 3
with p as (pivot segment_sizes on segment_id using sum(customers) group by as_of) select * from p
select * from (pivot segment_sizes on segment_id using sum(customers) group by as_of) order by 1
pivot segment_sizes on segment_id, 'w' || week(as_of) using sum(customers);
select * from segment_sizes pivot (sum(customers) for segment_id in (1, 2, 3) group by as_of)
summarize (pivot segment_sizes on segment_id using sum(customers) group by as_of)
unpivot segments on customers, share into name measure value amount
select * from segments unpivot (amount for measure in (customers, share))
unpivot (select customer_id, columns(* exclude (as_of, customer_id)) from features) on columns(* exclude customer_id) into name feature value amount
summarize features
select column_name, avg from (summarize features)
describe segments
describe select 1 as one
show tables
show segments
select s.name, avg(f.balance) from features f join current_segments c using (customer_id) join segments s on s.segment_id = c.segment_id group by s.name
select * from segments s left join segment_sizes z on s.segment_id = z.segment_id and z.as_of = s.as_of
select * from segments natural join (select segment_id, name from segments) t cross join (select 1 as one)
select * from segments s, lateral (select max(customers) m from segment_sizes z where z.segment_id = s.segment_id) t
select * from segments semi join segment_sizes using (segment_id)
select * from features f asof join segment_sizes s on f.as_of >= s.as_of
select * from segments positional join (select name as other from segments) t
select segment_id, as_of, sum(customers), grouping(as_of) from segment_sizes group by grouping sets ((segment_id), (as_of), ())
select segment_id, as_of, sum(customers) from segment_sizes group by rollup (segment_id, as_of)
select segment_id, as_of, sum(customers) from segment_sizes group by cube (segment_id, as_of)
select count(*) filter (where balance > 1000), count(distinct customer_id) from features
select list(name order by segment_id), array_agg(name), string_agg(name, ', ' order by name) from segments
select list_transform([1, 2, 3], lambda x: x * 2), [x + 1 for x in [1, 2] if x > 1], list_sort([2, 1]), list_sum([1, 2])
select {'a': 1, 'b': 'x'}.a, [1, 2, 3][1:2], [1, 2][1], map {'k': 1}['k'], struct_pack(a := 1), (1, 2), row(1, 2)
select quantile_cont(balance, 0.9), quantile_cont(balance, [0.1, 0.5]), median(balance), mode(tenure), mad(balance) from features
select percentile_cont(0.5) within group (order by balance) from features
select date_trunc('month', as_of), as_of + interval 1 week, extract(year from as_of), date_diff('day', as_of, date '2026-01-12') from segment_sizes
select strftime(as_of, '%d %b %Y'), dayname(as_of), as_of::timestamp, age(as_of, date '2020-01-01'), last_day(as_of) from segment_sizes
select current_date - as_of, now() > timestamp '2020-01-01', today(), current_timestamp from segment_sizes
select case when share > 0.5 then 'large' when share is null then '?' else 'small' end, case status when 'active' then 1 end from segments
select if(share > 0.1, 1, 0), coalesce(retired_as_of, as_of), nullif(share, 0), ifnull(share, 0) from segments
select cast(share * 100 as decimal(5, 1)) || ' %', try_cast('x' as integer), share::varchar, round(share, 2), '2026-01-05'::date from segments
select * from features using sample 2 rows
select * from features tablesample bernoulli(50%)
select * from features using sample reservoir(2 rows) repeatable (1)
values (1, 'a'), (2, 'b')
select * from (values (1, 'a')) v(id, name)
select 1 union all select 2 union select 3 except select 2 intersect select 2
select name from segments union all by name select name from segments
select * exclude (description) replace (upper(name) as name) rename (share as part) from segments
select max(columns(* exclude (as_of, customer_id))) from features
select columns('cust.*') from segments
select distinct on (segment_id) * from segment_sizes order by segment_id, as_of desc
select exists (select 1 from segments), (select count(*) from segments), 1 in (select segment_id from segments), 2 > all (select 1)
select name from segments where name like 'B%' or name ilike '%big%' or name not like 'x' or name similar to 'B.*' or name glob 'B*'
select name from segments where regexp_matches(name, '^b', 'i') or name between 'a' and 'b' or name in ('x', 'y') or name is not null
select regexp_replace(name, 'i', 'o', 'g'), regexp_extract(name, '(.)i', 1), split_part(name, ' ', 1), lower(name), trim(name), length(name) from segments
select substring(name, 1, 2), name[1:2], left(name, 1), replace(name, 'a', 'b'), concat_ws('-', name, status), lpad(name, 20, '.'), repeat('#', 5) from segments
select format('{:,}', customers), printf('%.2f', share), bar(share, 0, 1, 10), name.lower().upper() from segments
select i, unnest(range(i)) from range(4) r(i)
select * from generate_series(date '2026-01-01', date '2026-02-01', interval 1 week)
select corr(balance, purchases), regr_slope(balance, purchases), stddev(balance), var_pop(balance), skewness(balance), entropy(tenure) from features
select arg_max(name, customers), max_by(name, customers), any_value(name), bool_and(true), histogram(status), max(customers, 2) from segments
select floor(balance / 100) as bin, count(*) from features group by bin order by all
select evidence->>'$.x', json_extract(evidence, '$.x'), json_extract_string(evidence, 'x') from drift_events
select sqrt(2), ln(2), power(2, 3), 2 ** 3, 7 % 2, 7 // 2, greatest(1, 2), -share, 1 <> 2, 1 is distinct from 2, true and not false, 3 & 1, ~1 from segments
select 'o''clock', $$raw$$, e'a\n', 1e3, 1_000, 0x10, null, "name" from segments
select main.segments.name from main.segments
select name, customers as total, total / 2 as half from segments where total > 0
select hash(customer_id) % 10, md5(customer_id) from features
select * from segments order by share limit 50% offset 1
select as_of, feature, mean from segment_profiles where feature = 'BALANCE' order by as_of, segment_id
select segment_id as "Segment №", name as "naïve 名", name collate nocase from segments
select s from segments s
select (balance - avg(balance) over ()) / stddev_pop(balance) over () as z from features
select time_bucket(interval '7 days', as_of), sum(customers) from segment_sizes group by all
select try(ln(0)), isfinite(1.0), trunc(1.5), cbrt(8), gcd(4, 6), interval '1 day', time '10:00', uuid(), 1::hugeint
