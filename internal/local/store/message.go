package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Position is the place of a row in a list that is sorted by time, then id.
type Position struct {
	At time.Time
	ID string
}

// MessageFilter asks for messages. Empty fields ask for nothing.
type MessageFilter struct {
	IDs            []string
	From, To       time.Time // [From, To)
	IntegrationID  string
	ConversationID string
	ThreadID       string
	SenderEmail    string // lower case
	SenderDomains  []string
	After          *Position // the last row of the page before
	Limit          int
}

const messageQuery = `SELECT m.id, m.user_id, m.integration_id, n.provider, m.conversation_id, coalesce(c.name, ''), m.thread_id,
	m.sent_at, m.sender_email, m.sender_name, m.subject, m.recipients, m.body_text, m.quoted_text, m.metadata
	FROM messages m JOIN integrations n ON n.id = m.integration_id JOIN conversations c ON c.id = m.conversation_id WHERE `

func scanMessage(rows *sql.Rows) (Message, error) {
	var m Message
	var sent int64
	err := rows.Scan(&m.ID, &m.UserID, &m.IntegrationID, &m.Source, &m.ConversationID, &m.Conversation, &m.ThreadID,
		&sent, &m.SenderEmail, &m.SenderName, &m.Subject, listColumn[Person]{&m.Recipients}, &m.BodyText, &m.QuotedText,
		objectColumn{&m.Metadata})
	m.SentAt = fromMillis(sent)
	return m, err
}

// Message returns one of a user's messages.
func (s *Store) Message(ctx context.Context, userID, id string) (Message, error) {
	m, err := one(ctx, s, scanMessage, messageQuery+`m.id = ? AND m.user_id = ?`, id, userID)
	if err != nil {
		return Message{}, fmt.Errorf("message: %w", err)
	}
	return m, nil
}

// Messages returns a user's messages, newest first.
func (s *Store) Messages(ctx context.Context, userID string, f MessageFilter) ([]Message, error) {
	var where conditions
	where.of("m.user_id", userID, f.IDs)
	oneOf(&where, "m.id", f.IDs)
	where.period("m.sent_at", f.From, f.To)
	where.equal("m.integration_id", f.IntegrationID)
	where.equal("m.conversation_id", f.ConversationID)
	where.equal("m.thread_id", f.ThreadID)
	where.equal("m.sender_email", f.SenderEmail)
	where.equal("m.sender_domain", Domain(f.SenderEmail)) // which has an index
	where.domains("m.sender_domain", f.SenderDomains)
	where.before("m.sent_at", "m.id", f.After)
	return s.messages(ctx, where, ` ORDER BY m.sent_at DESC, m.id DESC LIMIT ?`, f.Limit)
}

// WrittenTo returns the addresses, in lower case, to which a user's last messages
// from an address went before a time, so many of them.
func (s *Store) WrittenTo(ctx context.Context, userID, sender string, before time.Time, messages int) ([]string, error) {
	all, err := collect(ctx, s, scalar[string], `SELECT DISTINCT r.value ->> 'email' FROM (
			SELECT recipients FROM messages WHERE user_id = ? AND sender_domain = ? AND sender_email = ? AND sent_at < ?
			ORDER BY sent_at DESC, id DESC LIMIT ?), json_each(recipients) r WHERE r.value ->> 'email' <> ''`,
		userID, Domain(sender), sender, millis(before), messages)
	if err != nil {
		return nil, fmt.Errorf("whom an address wrote to: %w", err)
	}
	return all, nil
}

// ThreadMessages returns a thread's messages in the order they were written.
func (s *Store) ThreadMessages(ctx context.Context, userID, threadID string, after *Position, limit int) ([]Message, error) {
	var where conditions
	where.add("m.user_id = ?", userID)
	where.add("m.thread_id = ?", threadID)
	where.after("m.sent_at", "m.id", after)
	return s.messages(ctx, where, ` ORDER BY m.sent_at, m.id LIMIT ?`, limit)
}

func (s *Store) messages(ctx context.Context, where conditions, order string, limit int) ([]Message, error) {
	all, err := collect(ctx, s, scanMessage, messageQuery+where.String()+order, append(where.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	return all, nil
}

// ThreadExists reports whether a user has a thread.
func (s *Store) ThreadExists(ctx context.Context, userID, threadID string) (bool, error) {
	some, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1 FROM threads t JOIN conversations c ON c.id = t.conversation_id
		WHERE t.id = ? AND c.user_id = ?)`, threadID, userID)
	if err != nil {
		return false, fmt.Errorf("thread: %w", err)
	}
	return some, nil
}

// ThreadKeys say which conversation and thread a message belongs to. A message
// without Conversation is in one of its thread's own, and without Thread in a
// thread of its own.
type ThreadKeys struct{ Conversation, Thread string }

// SaveMessage stores m in place of what its id held, and returns it with
// conversation and thread filled in. It fails with ErrNotSynced where the
// conversation does not sync.
func (tx *Tx) SaveMessage(m Message, keys ThreadKeys, at time.Time) (Message, error) {
	var err error
	if m.ConversationID, m.ThreadID, err = tx.thread(m, keys); err != nil {
		return m, fmt.Errorf("thread: %w", err)
	}
	m.Conversation = keys.Conversation
	was := ""
	if tx.known.fresh != m.ID {
		was, err = one(tx.ctx, tx, scalar[string], `SELECT thread_id FROM messages WHERE id = ?`, m.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return m, err
		}
	}
	if was == "" {
		tx.known.messages[m.ConversationID]++
	}
	if err := tx.place("messages", m.ID, m.IntegrationID, at); err != nil {
		return m, err
	}
	insert := insertMessage
	if tx.known.fresh != m.ID {
		insert += replaceMessage
	}
	err = tx.exec(insert,
		m.ID, m.UserID, m.IntegrationID, m.ConversationID, m.ThreadID, millis(m.SentAt), m.SenderEmail,
		Domain(m.SenderEmail), m.SenderName, m.Subject, encodeList(m.Recipients), encodeObject(m.Metadata), m.QuotedText, m.BodyText)
	if err != nil {
		return m, err
	}
	if was != "" && was != m.ThreadID {
		return m, tx.dropEmptyThread(was)
	}
	return m, nil
}

const (
	insertMessage = `INSERT INTO messages (id, user_id, integration_id, conversation_id, thread_id, sent_at, sender_email,
			sender_domain, sender_name, subject, recipients, metadata, quoted_text, body_text)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`
	// replaceMessage has SQLite keep what each INSERT changes until it is through.
	replaceMessage = ` ON CONFLICT (id) DO UPDATE SET integration_id = excluded.integration_id, conversation_id = excluded.conversation_id,
			thread_id = excluded.thread_id, sent_at = excluded.sent_at, sender_email = excluded.sender_email,
			sender_domain = excluded.sender_domain, sender_name = excluded.sender_name, subject = excluded.subject,
			recipients = excluded.recipients, metadata = excluded.metadata, quoted_text = excluded.quoted_text,
			body_text = excluded.body_text`
)

func (tx *Tx) thread(m Message, keys ThreadKeys) (conversation, thread string, err error) {
	key := keys.Thread
	if key == "" {
		key = "message:" + m.ID
	}
	conversationKey, name := "name:"+keys.Conversation, sql.NullString{String: keys.Conversation, Valid: true}
	if keys.Conversation == "" {
		conversationKey, name = "thread:"+key, sql.NullString{}
	}
	conversation, fresh, err := tx.conversation(m, conversationKey, name)
	if err != nil {
		return "", "", err
	}
	thread, err = tx.threadOf(conversation, key, fresh)
	return conversation, thread, err
}

// threadOf finds or adds a thread of a conversation. A fresh conversation has none.
func (tx *Tx) threadOf(conversation, key string, fresh bool) (id string, err error) {
	place := threadKey{conversation, key}
	if id := tx.known.threads[place]; id != "" {
		return id, nil
	}
	err = ErrNotFound
	if !fresh {
		id, err = one(tx.ctx, tx, scalar[string], `SELECT id FROM threads WHERE conversation_id = ? AND key = ?`, conversation, key)
	}
	if errors.Is(err, ErrNotFound) {
		id = NewID("thr")
		err = tx.exec(`INSERT INTO threads (id, conversation_id, key) VALUES (?,?,?)`, id, conversation, key)
	}
	if err == nil {
		tx.known.threads[place] = id
	}
	return id, err
}

// dropEmptyThread removes a thread that lost its last message, and its
// conversation if that was its last thread.
func (tx *Tx) dropEmptyThread(id string) error {
	conversation, err := one(tx.ctx, tx, scalar[string], `DELETE FROM threads WHERE id = ?
		AND NOT EXISTS (SELECT 1 FROM messages WHERE thread_id = threads.id) RETURNING conversation_id`, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	clear(tx.known.conversations)
	clear(tx.known.threads)
	return tx.exec(`DELETE FROM conversations WHERE id = ?
		AND NOT EXISTS (SELECT 1 FROM threads WHERE conversation_id = conversations.id)`, conversation)
}

// Domain is the part of an address after the @, in lower case.
func Domain(address string) string {
	at := strings.LastIndexByte(address, '@') // a quoted name may hold one, too
	if at < 0 {
		return ""
	}
	return strings.ToLower(address[at+1:])
}
