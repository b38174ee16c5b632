INSERT INTO forgotten VALUES ('user_1', '04');
INSERT INTO forgotten_salt VALUES (1, x'05');
