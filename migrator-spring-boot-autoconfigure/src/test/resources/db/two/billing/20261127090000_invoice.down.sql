-- migrator: contract
DROP TABLE invoice;
