INSERT INTO person_decisions VALUES (1, 'user_1', 1, '["06","07"]', '[]', 1762160000000);
INSERT INTO persons_resolved VALUES ('user_1', 1, 1, NULL);
