alter table user_note add author text;
