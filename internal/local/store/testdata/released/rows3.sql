INSERT INTO webhooks VALUES ('whe_1', 'https://hooks.example/a', 'Ours', '["*"]', 1, NULL, NULL, NULL, 'whsec_AAAA', NULL, NULL, 1762160000000, 1762160000000);
INSERT INTO webhook_deliveries VALUES ('whd_1', 'whe_1', 'gev_1', 'goals.created', 1, 'succeeded', 200, NULL, 12, 1762160000000, 1762160000000, NULL);
