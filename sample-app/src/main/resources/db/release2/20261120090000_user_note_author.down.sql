alter table user_note drop author;
