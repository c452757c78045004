-- migrator: contract
-- Older releases may use the column, so this waits until the last of their instances has gone.
alter table user_note drop topic;
