create table profiles (id bigint generated always as identity primary key, name text not null);
alter table profiles enable row level security;
