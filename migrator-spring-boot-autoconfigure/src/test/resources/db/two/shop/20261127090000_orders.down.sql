-- migrator: contract
DROP TABLE orders;
