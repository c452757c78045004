-- What the support has to say of a user.
create table user_note (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  topic text,
  text text not null
);
create index user_note_user on user_note (user_id);
