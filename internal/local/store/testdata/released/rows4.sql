INSERT INTO settings VALUES (1, 365, 'all', '["bank.example"]', 1762160000000);
INSERT INTO connects VALUES ('cns_1', x'03', 'user_1', 'email', '', 1762160000000, 1762764800000, 'connected', '', '', '{}', '{"messages":1,"imported":1,"left_out":0,"failed":0}', 1762160000000);
