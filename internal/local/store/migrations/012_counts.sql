-- How many messages there are in a conversation: one of a whole mailbox has a million,
-- which takes long to count. Whoever adds some counts them, all of a transaction
-- at once.
ALTER TABLE conversations ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET messages = (SELECT count(*) FROM messages WHERE conversation_id = conversations.id);

CREATE TRIGGER messages_left AFTER DELETE ON messages BEGIN
    UPDATE conversations SET messages = messages - 1 WHERE id = old.conversation_id;
END;

CREATE TRIGGER messages_moved AFTER UPDATE OF conversation_id ON messages WHEN old.conversation_id <> new.conversation_id BEGIN
    UPDATE conversations SET messages = messages - 1 WHERE id = old.conversation_id;
    UPDATE conversations SET messages = messages + 1 WHERE id = new.conversation_id;
END;

-- Persons in the order in which they were met.
CREATE INDEX entities_persons ON entities (user_id) WHERE same_as IS NULL;
