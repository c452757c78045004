alter table user_note drop created_at;
