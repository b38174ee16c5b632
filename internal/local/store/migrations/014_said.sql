-- Whether a user has said who they are. Neither an import nor what a server is
-- started with changes their addresses then.
ALTER TABLE users ADD COLUMN said INTEGER NOT NULL DEFAULT 0;
