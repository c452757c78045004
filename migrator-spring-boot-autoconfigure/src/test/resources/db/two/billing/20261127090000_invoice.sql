CREATE TABLE invoice (id bigint PRIMARY KEY, note text);
