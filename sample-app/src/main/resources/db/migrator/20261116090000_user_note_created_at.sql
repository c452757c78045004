alter table user_note add created_at timestamptz not null default now();
