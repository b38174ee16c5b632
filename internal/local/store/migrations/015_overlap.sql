-- No table changes. Passages of what is said overlap more from here on; the meetings
-- that are there are cut anew by the jobs that write their summaries.
INSERT INTO jobs (queue, lane, user_id, run_at) SELECT 'summaries', id, user_id, 0 FROM meetings WHERE transcript <> '';
INSERT INTO job_payloads (seq, payload) SELECT seq, CAST('{"cut":true}' AS BLOB) FROM jobs
    WHERE queue = 'summaries' AND NOT EXISTS (SELECT 1 FROM job_payloads p WHERE p.seq = jobs.seq);
