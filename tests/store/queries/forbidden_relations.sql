store.secrets
store.main.secrets
published.store.secrets
"store".secrets
information_schema.tables
pg_catalog.pg_tables
system.main.duckdb_settings
sqlite_master
duckdb_tables
duckdb_settings
pragma_database_list
'secret.csv'
"secret.csv"
'/etc/passwd'
'https://example.org/x.parquet'
'*.parquet'
environ
read_csv('secret.csv')
read_csv_auto('secret.csv')
read_text('secret.csv')
read_blob('secret.csv')
read_json('secret.csv')
read_parquet('secret.csv')
parquet_scan('secret.csv')
parquet_metadata('secret.csv')
read_duckdb('secret.duckdb')
sniff_csv('secret.csv')
glob('*')
query('select 1')
query_table('store.secrets')
histogram('store.secrets', 'secret')
histogram_values('store.secrets', 'secret')
summary((select 1))
repeat('x', 100000000000)
duckdb_settings()
duckdb_secrets()
duckdb_databases()
duckdb_tables()
duckdb_columns()
duckdb_views()
duckdb_logs()
duckdb_memory()
duckdb_variables()
pragma_table_info('store.secrets')
pragma_storage_info('segments')
pragma_database_size()
pragma_user_agent()
pragma_version()
pg_timezone_names()
enable_logging(storage := 'file', storage_path := 'out')
enable_profiling(save_location := 'out')
disable_logging()
checkpoint()
force_checkpoint()
json_execute_serialized_sql('{}')
arrow_scan(1, 2, 3)
pandas_scan(1)
python_map_function(1)
seq_scan()
test_all_types()
(show databases)
(show all tables)
(show variables)
(show tables from store)
(describe store.secrets)
(summarize store.secrets)
(pivot store.secrets on secret)
(pivot store.secrets on secret in ('x'))
(with x as (delete from store.secrets returning *) from x)
(with x as (from store.secrets) from x)
