INSERT INTO owners (version, last_name, telephone)
SELECT 0, 'Franklin', '6085551023' WHERE NOT EXISTS (SELECT * FROM owners);
INSERT INTO pets (name, owner_id)
SELECT 'Leo', min(id) FROM owners HAVING NOT EXISTS (SELECT * FROM pets);
