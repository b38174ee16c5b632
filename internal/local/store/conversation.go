package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrNotSynced says that a message is of a conversation that does not sync.
var ErrNotSynced = errors.New("its conversation does not sync")

// Conversation groups threads.
type Conversation struct {
	ID            string
	Name          string // or else the subject of its newest message
	Named         bool   // it is a channel or the like, and not one thread
	IntegrationID string
	Source        string
	Synced        bool // what is pushed to it is stored
	Messages      int
	LastAt        time.Time // zero for none
}

// ConversationFilter asks for conversations. Empty fields ask for nothing.
type ConversationFilter struct {
	IDs           []string
	IntegrationID string
	Synced        *bool
	After         string // id of the last row of the page before
	Limit         int
}

const conversationQuery = `SELECT c.id, coalesce(c.name, (SELECT subject FROM messages WHERE conversation_id = c.id ORDER BY sent_at DESC, id DESC LIMIT 1), ''),
	c.name IS NOT NULL, c.integration_id, n.provider, c.sync_enabled,
	c.messages, (SELECT max(sent_at) FROM messages WHERE conversation_id = c.id)
	FROM conversations c JOIN integrations n ON n.id = c.integration_id WHERE `

func scanConversation(rows *sql.Rows) (Conversation, error) {
	var c Conversation
	var last sql.NullInt64
	err := rows.Scan(&c.ID, &c.Name, &c.Named, &c.IntegrationID, &c.Source, &c.Synced, &c.Messages, &last)
	c.LastAt = fromNull(last)
	return c, err
}

// Conversations returns a user's conversations, the one that appeared last first:
// that order stays while pages of it are read.
func (s *Store) Conversations(ctx context.Context, userID string, f ConversationFilter) ([]Conversation, error) {
	var where conditions
	where.add("c.user_id = ?", userID)
	oneOf(&where, "c.id", f.IDs)
	where.equal("c.integration_id", f.IntegrationID)
	if f.Synced != nil {
		where.add("c.sync_enabled = ?", *f.Synced)
	}
	if f.After != "" {
		where.add("c.id < ?", f.After)
	}
	all, err := collect(ctx, s, scanConversation, conversationQuery+where.String()+` ORDER BY c.id DESC LIMIT ?`, append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("conversations: %w", err)
	}
	return all, nil
}

// SyncConversations says of some of a user's conversations whether they sync.
// Where any is not there, nothing changes and the error is ErrNotFound.
func (s *Store) SyncConversations(ctx context.Context, userID string, synced map[string]bool) error {
	err := s.Write(ctx, func(tx *Tx) error {
		for id, on := range synced {
			n, err := tx.changed(`UPDATE conversations SET sync_enabled = ? WHERE id = ? AND user_id = ?`, on, id, userID)
			if err == nil && n == 0 {
				err = ErrNotFound
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("conversation sync: %w", err)
	}
	return nil
}

// conversation finds or adds the conversation with a key, and says whether it is a
// fresh one. That one syncs as the organization's settings say (P-16).
func (tx *Tx) conversation(m Message, key string, name sql.NullString) (id string, fresh bool, err error) {
	type row struct {
		id     string
		synced bool
	}
	place := conversationKey{m.IntegrationID, key}
	if id := tx.known.conversations[place]; id != "" {
		return id, false, nil
	}
	found, err := one(tx.ctx, tx, func(rows *sql.Rows) (r row, err error) { return r, rows.Scan(&r.id, &r.synced) },
		`SELECT id, sync_enabled FROM conversations WHERE integration_id = ? AND key = ?`, m.IntegrationID, key)
	if fresh = errors.Is(err, ErrNotFound); fresh {
		found.id = NewID("cnv")
		found.synced, err = one(tx.ctx, tx, scalar[bool], `INSERT INTO conversations (id, user_id, integration_id, key, name, sync_enabled)
			VALUES (?,?,?,?,?, NOT EXISTS (SELECT 1 FROM settings WHERE default_conversation_sync = ?)) RETURNING sync_enabled`,
			found.id, m.UserID, m.IntegrationID, key, name, SyncNone)
	}
	if err == nil && !found.synced {
		err = ErrNotSynced
	}
	if err == nil {
		tx.known.conversations[place] = found.id
	}
	return found.id, fresh, err
}
