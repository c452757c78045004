drop table user_note;
