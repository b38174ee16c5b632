package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
)

// exportPage is how many rows an export holds in memory.
const exportPage = 50

const allMessages = messageQuery + `+m.user_id = ? AND m.id > ? ORDER BY m.id LIMIT ?`

// AllMessages calls visit for each of a user's messages, in the order in which
// they first came in. Like all exports it reads what is out of sight, too, and
// holds no lock meanwhile: what comes in behind it is visited.
func (s *Store) AllMessages(ctx context.Context, userID string, visit func(Message) error) error {
	return every(ctx, s, allMessages, userID, scanMessage,
		func(m Message) string { return m.ID }, visit)
}

// AllMeetings is AllMessages for meetings.
func (s *Store) AllMeetings(ctx context.Context, userID string, visit func(Meeting) error) error {
	return every(ctx, s, meetingRows+`+m.user_id = ? AND m.id > ? ORDER BY m.id LIMIT ?`, userID, scanMeeting,
		func(m Meeting) string { return m.ID }, visit)
}

// AllEvents is AllMessages for events.
func (s *Store) AllEvents(ctx context.Context, userID string, visit func(Event) error) error {
	return every(ctx, s, eventRows+`+e.user_id = ? AND e.id > ? ORDER BY e.id LIMIT ?`, userID, scanEvent,
		func(e Event) string { return e.ID }, visit)
}

// AllNotes is AllMessages for notes.
func (s *Store) AllNotes(ctx context.Context, userID string, visit func(Note) error) error {
	return every(ctx, s, noteRows+`+o.user_id = ? AND o.id > ? ORDER BY o.id LIMIT ?`, userID, scanNote,
		func(n Note) string { return n.ID }, visit)
}

// AllConversations is AllMessages for conversations.
func (s *Store) AllConversations(ctx context.Context, userID string, visit func(Conversation) error) error {
	return every(ctx, s, conversationQuery+`+c.user_id = ? AND c.id > ? ORDER BY c.id LIMIT ?`, userID, scanConversation,
		func(c Conversation) string { return c.ID }, visit)
}

// AllEntities is AllMessages for entities.
func (s *Store) AllEntities(ctx context.Context, userID string, visit func(Entity) error) error {
	return everyAfter(ctx, s, math.MinInt64, entityQuery+`e.user_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`, userID, scanEntity,
		func(e Entity) int64 { return e.Seq }, visit)
}

// AllGoals is AllMessages for goals.
func (s *Store) AllGoals(ctx context.Context, userID string, visit func(Goal) error) error {
	return every(ctx, s, `SELECT `+goalColumns+` FROM goals g WHERE +g.user_id = ? AND g.id > ? ORDER BY g.id LIMIT ?`, userID, scanGoal,
		func(g Goal) string { return g.ID }, visit)
}

// AllSnapshots is AllMessages for what evaluations of a user's goals found.
func (s *Store) AllSnapshots(ctx context.Context, userID string, visit func(Snapshot) error) error {
	return every(ctx, s, snapshotQuery+`goal_id IN (SELECT id FROM goals WHERE user_id = ?) AND id > ? ORDER BY id LIMIT ?`, userID, scanSnapshot,
		func(f Snapshot) string { return f.ID }, visit)
}

// AllGoalEvents is AllMessages for goal events.
func (s *Store) AllGoalEvents(ctx context.Context, userID string, visit func(GoalEvent) error) error {
	return every(ctx, s, `SELECT seq, id, user_id, goal_id, type, at, data, reason FROM goal_events
		WHERE +user_id = ? AND seq > ? ORDER BY seq LIMIT ?`, userID, scanGoalEvent, func(e GoalEvent) int64 { return e.Seq }, visit)
}

// every visits what a query finds, page by page. The query takes whose it is,
// after which key, and how many. The plus before the user keeps SQLite from going
// through all of the user's rows for each page, which are in the order of keys.
func every[T any, K int64 | string](ctx context.Context, s *Store, query, userID string,
	scan func(*sql.Rows) (T, error), key func(T) K, visit func(T) error,
) error {
	var first K
	return everyAfter(ctx, s, first, query, userID, scan, key, visit)
}

// everyAfter is every for what comes after a key.
func everyAfter[T any, K int64 | string](ctx context.Context, s *Store, after K, query, userID string,
	scan func(*sql.Rows) (T, error), key func(T) K, visit func(T) error,
) error {
	for {
		page, err := collect(ctx, s, scan, query, userID, after, exportPage)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		for _, one := range page {
			if err := visit(one); err != nil {
				return err
			}
			after = key(one)
		}
		if len(page) < exportPage {
			return nil
		}
	}
}
