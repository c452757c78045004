INSERT INTO owners (version, last_name, phone) VALUES (0, 'Franklin', '6085551023');
INSERT INTO pets (name, owner_id) VALUES ('Leo', 1);
