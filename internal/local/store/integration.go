package store

import (
	"context"
	"database/sql"
	"fmt"
)

// openItems repeats the condition of the index items_open: SQLite takes a partial
// index only where it finds its condition word for word.
const openItems = `i.user_id = n.user_id AND i.integration_id = n.id AND i.status <> 'indexed'`

const integrationQuery = `SELECT n.id, n.kind, n.provider, n.name, n.items,
	(SELECT count(*) FROM items i WHERE ` + openItems + ` AND i.status = 'queued'),
	(SELECT count(*) FROM items i WHERE ` + openItems + ` AND i.status = 'failed'),
	(SELECT count(*) FROM items i WHERE ` + openItems + ` AND i.status = 'skipped'),
	n.last_synced_at, n.created_at, n.disconnected_at IS NOT NULL FROM integrations n WHERE `

func scanIntegration(rows *sql.Rows) (Integration, error) {
	var n Integration
	var created int64
	var synced sql.NullInt64
	err := rows.Scan(&n.ID, &n.Kind, &n.Provider, &n.Name, &n.Items, &n.Pending, &n.Failed, &n.Skipped, &synced, &created, &n.Disconnecting)
	n.SyncedAt, n.CreatedAt = fromNull(synced), fromMillis(created)
	return n, err
}

// Integration returns one of a user's integrations.
func (s *Store) Integration(ctx context.Context, userID, id string) (Integration, error) {
	n, err := one(ctx, s, scanIntegration, integrationQuery+`n.id = ? AND n.user_id = ?`, id, userID)
	if err != nil {
		return Integration{}, fmt.Errorf("integration: %w", err)
	}
	return n, nil
}

// Integrations returns a user's integrations in the order they appeared.
func (s *Store) Integrations(ctx context.Context, userID string) ([]Integration, error) {
	all, err := collect(ctx, s, scanIntegration, integrationQuery+`n.user_id = ? ORDER BY n.created_at, n.id`, userID)
	if err != nil {
		return nil, fmt.Errorf("integrations: %w", err)
	}
	return all, nil
}

// Totals counts what a user has, apart from what integrations count.
type Totals struct{ Conversations, Entities int }

// Totals returns a user's totals.
func (s *Store) Totals(ctx context.Context, userID string) (Totals, error) {
	t, err := one(ctx, s, func(rows *sql.Rows) (t Totals, err error) {
		return t, rows.Scan(&t.Conversations, &t.Entities)
	}, `SELECT (SELECT count(*) FROM conversations WHERE user_id = ?),
		(SELECT count(*) FROM entities WHERE user_id = ? AND same_as IS NULL)`, userID, userID)
	if err != nil {
		return Totals{}, fmt.Errorf("totals: %w", err)
	}
	return t, nil
}

// coverageQuery finds each source's first and last item in sight at the two ends
// of an index; the count is kept.
const coverageQuery = `SELECT provider, items, first, last FROM (
	SELECT n.provider, n.items, n.id,
		CASE n.kind
			WHEN 'message' THEN (SELECT min(sent_at) FROM messages WHERE integration_id = n.id)
			WHEN 'meeting' THEN (SELECT min(start_at) FROM meetings WHERE integration_id = n.id AND archived_at IS NULL)
			WHEN 'event' THEN (SELECT min(start_at) FROM events WHERE integration_id = n.id AND n.id NOT IN ` + hiddenEvents + `)
			ELSE (SELECT min(created_at) FROM notes WHERE integration_id = n.id AND archived_at IS NULL)
		END AS first,
		CASE n.kind
			WHEN 'message' THEN (SELECT max(sent_at) FROM messages WHERE integration_id = n.id)
			WHEN 'meeting' THEN (SELECT max(start_at) FROM meetings WHERE integration_id = n.id AND archived_at IS NULL)
			WHEN 'event' THEN (SELECT max(start_at) FROM events WHERE integration_id = n.id AND n.id NOT IN ` + hiddenEvents + `)
			ELSE (SELECT max(created_at) FROM notes WHERE integration_id = n.id AND archived_at IS NULL)
		END AS last
	FROM integrations n WHERE n.user_id = ? AND n.items > 0)
	WHERE first IS NOT NULL ORDER BY first, provider, id`

// Coverage returns what period each of a user's sources covers.
func (s *Store) Coverage(ctx context.Context, userID string) ([]Coverage, error) {
	all, err := collect(ctx, s, func(rows *sql.Rows) (Coverage, error) {
		var c Coverage
		var first, last int64
		err := rows.Scan(&c.Source, &c.Count, &first, &last)
		c.First, c.Last = fromMillis(first), fromMillis(last)
		return c, err
	}, coverageQuery, userID)
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	return all, nil
}
