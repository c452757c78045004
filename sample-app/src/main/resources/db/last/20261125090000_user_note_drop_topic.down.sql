alter table user_note add topic text;
