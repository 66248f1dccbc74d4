insert into segments values (1)
update segments set name = 'x'
delete from segments
truncate segments
drop view segments
alter view segments rename to s
merge into segments using segments s on true when matched then delete
create table t as from segments
create temp table t as from segments
create or replace temp view segments as select 1
create macro m() as 1
create type t as enum ('a')
create sequence s
create schema s
create secret s (type s3)
copy segments to 'out.csv'
copy (from segments) to 'out.parquet'
copy segments from 'secret.csv'
export database 'out'
import database 'out'
attach 'out.duckdb'
attach ':memory:' as m
detach published
use store
install httpfs
load httpfs
force install httpfs from 'http://example.org'
set memory_limit = '100GB'
set variable a = 1
set search_path = 'store'
reset memory_limit
pragma database_list
pragma enable_profiling
pragma memory_limit = '1TB'
call pragma_version()
call enable_logging('file')
checkpoint
force checkpoint
vacuum
analyze
begin
commit
explain select 1
explain analyze select 1
prepare p as select 1
execute p
deallocate p
comment on view segments is 'x'
select 1; select 2
select 1; drop view segments
select 1;; copy segments to 'out.csv'
with x as (insert into store.secrets values ('y') returning *) from x
with x as (update store.secrets set secret = 'y' returning *) from x
with x as (delete from store.secrets returning *) from x
with x as (copy segments to 'out.csv') select 1
select * from (with x as (delete from store.secrets returning *) from x)
select $1
select ?
select $name
/* ; */ drop view segments -- select
ſelect 1; drop view segments
