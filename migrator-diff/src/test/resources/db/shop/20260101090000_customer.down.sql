DROP TABLE line;
DROP TABLE customer;
