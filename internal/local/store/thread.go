package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Thread is what is known of a thread as a whole.
type Thread struct {
	ID             string
	ConversationID string
	Conversation   string // its name; "" when it has none
	Messages       int
	LastAt         time.Time
	Senders        []Person // who writes most comes first
}

// Threads returns those of a user's threads that ids name, in any order.
func (s *Store) Threads(ctx context.Context, userID string, ids []string) ([]Thread, error) {
	list := encodeList(ids)
	threads, err := collect(ctx, s, scanThread, `SELECT t.id, t.conversation_id, coalesce(c.name, ''), count(*), max(m.sent_at)
		FROM threads t JOIN conversations c ON c.id = t.conversation_id JOIN messages m ON m.thread_id = t.id
		WHERE t.id IN (SELECT value FROM json_each(?)) AND c.user_id = ? GROUP BY t.id`, list, userID)
	if err != nil {
		return nil, fmt.Errorf("threads: %w", err)
	}
	senders, err := collect(ctx, s, scanSender, `SELECT thread_id, sender_email, max(sender_name)
		FROM messages WHERE thread_id IN (SELECT value FROM json_each(?)) AND +user_id = ?
		GROUP BY thread_id, sender_email ORDER BY count(*) DESC, min(sent_at)`, list, userID)
	if err != nil {
		return nil, fmt.Errorf("senders of threads: %w", err)
	}
	of := map[string][]Person{}
	for _, one := range senders {
		of[one.thread] = append(of[one.thread], one.Person)
	}
	for i := range threads {
		threads[i].Senders = of[threads[i].ID]
	}
	return threads, nil
}

func scanThread(rows *sql.Rows) (Thread, error) {
	var t Thread
	var last int64
	err := rows.Scan(&t.ID, &t.ConversationID, &t.Conversation, &t.Messages, &last)
	t.LastAt = fromMillis(last)
	return t, err
}

type threadSender struct {
	thread string
	Person
}

func scanSender(rows *sql.Rows) (threadSender, error) {
	var one threadSender
	err := rows.Scan(&one.thread, &one.Email, &one.Name)
	return one, err
}

// ConversationMessages counts the messages of one of a user's conversations; 0
// means that there is no such conversation.
func (s *Store) ConversationMessages(ctx context.Context, userID, id string) (int, error) {
	n, err := one(ctx, s, scalar[int], `SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id
		WHERE m.conversation_id = ? AND c.user_id = ?`, id, userID)
	if err != nil {
		return 0, fmt.Errorf("count messages of a conversation: %w", err)
	}
	return n, nil
}
