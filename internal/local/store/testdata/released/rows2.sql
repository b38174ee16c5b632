INSERT INTO goals VALUES ('gol_1', 'user_1', 'Renew Globex', '', '', '', '{"keywords":["renewal"]}', NULL, 'active', 1, 'on_track', NULL, NULL, NULL, 'snp_1', 1762160000000, 1762160000000, 1762160000000, 1793696000000);
INSERT INTO goal_snapshots VALUES ('snp_1', 'gol_1', 1762160000000, x'01', '{"id":"snp_1","goal_id":"gol_1","lifecycle":"active","health":"on_track","summary":"Dana asks for the form.","cited_evidence_refs":[{"type":"message","id":"msg_1","snippet":"Can you send the form by Friday?"}],"risk_signals":[],"next_actions":[],"confidence":0.5,"suggested_lifecycle":null,"next_move":null,"created_at":"2025-11-03T08:53:20Z"}');
INSERT INTO goal_runs VALUES (1, 'run_1', 'gol_1', 2, 0, 'completed', NULL, 1762160000000, 1762160000000);
INSERT INTO goal_events VALUES (1, 'gev_1', 'user_1', 'gol_1', 'goals.created', 1762160000000, '{"goal_id":"gol_1"}', '');
INSERT INTO goal_commands VALUES ('user_1', 'key', x'02', '{}', 1762160000000);
INSERT INTO goal_looks VALUES ('user_1', 1762160000000, 0, 1);
