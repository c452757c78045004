--liquibase formatted sql

--changeset sample:users
create table users (
  id bigint generated always as identity primary key,
  name text not null,
  email text,
  created_at timestamptz not null default now()
);
--rollback drop table users;
