INSERT INTO pets (name, owner_id)
SELECT 'Leo', min(id) FROM owners HAVING NOT EXISTS (SELECT * FROM pets);
