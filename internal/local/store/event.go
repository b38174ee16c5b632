package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/when"
)

// EventFilter asks for events. Empty fields ask for nothing.
type EventFilter struct {
	IDs      []string
	From, To time.Time // events that take place, wholly or in part, in [From, To)
	After    *Position
	Limit    int
}

const eventRows = `SELECT e.id, e.user_id, e.integration_id, n.provider, e.start_at, e.end_at, e.all_day, e.title,
	e.location, e.attendees, e.description, e.was_start_at
	FROM events e JOIN integrations n ON n.id = e.integration_id WHERE `

const eventQuery = eventRows + `e.integration_id NOT IN ` + hiddenEvents + ` AND `

func scanEvent(rows *sql.Rows) (Event, error) {
	var e Event
	var start, end int64
	var was sql.NullInt64
	err := rows.Scan(&e.ID, &e.UserID, &e.IntegrationID, &e.Source, &start, &end, &e.AllDay, &e.Title,
		&e.Location, listColumn[Person]{&e.Attendees}, &e.Description, &was)
	e.StartAt, e.EndAt = fromMillis(start), fromMillis(end)
	if was.Valid {
		e.WasStartAt = fromMillis(was.Int64)
	}
	return e, err
}

// Event returns one of a user's events.
func (s *Store) Event(ctx context.Context, userID, id string) (Event, error) {
	e, err := one(ctx, s, scanEvent, eventQuery+`e.id = ? AND e.user_id = ?`, id, userID)
	if err != nil {
		return Event{}, fmt.Errorf("event: %w", err)
	}
	return e, nil
}

// Events returns a user's events in the order they begin.
func (s *Store) Events(ctx context.Context, userID string, f EventFilter) ([]Event, error) {
	var where conditions
	where.of("e.user_id", userID, f.IDs)
	oneOf(&where, "e.id", f.IDs)
	where.period("e.start_at", time.Time{}, f.To)
	if !f.From.IsZero() { // an event without length is where it begins
		where.add("(e.end_at > ? OR e.start_at >= ?)", millis(f.From), millis(f.From))
	}
	where.after("e.start_at", "e.id", f.After)
	all, err := collect(ctx, s, scanEvent,
		eventQuery+where.String()+` ORDER BY e.start_at, e.id LIMIT ?`, append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return all, nil
}

// SaveEvent stores e in place of what its id held, and keeps the start that it is
// moved from.
func (tx *Tx) SaveEvent(e Event, at time.Time) error {
	if err := tx.place("events", e.ID, e.IntegrationID, at); err != nil {
		return err
	}
	return tx.exec(`INSERT INTO events (id, user_id, integration_id, start_at, end_at, all_day, title, location, attendees, description)
		VALUES (?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET integration_id = excluded.integration_id,
			was_start_at = CASE WHEN start_at = excluded.start_at THEN was_start_at ELSE start_at END, start_at = excluded.start_at,
			end_at = excluded.end_at, all_day = excluded.all_day, title = excluded.title, location = excluded.location,
			attendees = excluded.attendees, description = excluded.description`,
		e.ID, e.UserID, e.IntegrationID, millis(e.StartAt), millis(e.EndAt), e.AllDay, e.Title, e.Location,
		encodeList(e.Attendees), e.Description)
}

// moveWholeDays keeps the days that a user's events take as a whole the same days
// in another zone.
func (tx *Tx) moveWholeDays(u User, to *time.Location) error {
	from := u.Location()
	if from.String() == to.String() {
		return nil
	}
	events, err := collect(tx.ctx, tx, scanEvent, eventRows+`e.user_id = ? AND e.all_day`, u.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		start, end := when.SameDays(e.StartAt.In(from), e.EndAt.In(from), to)
		at := millis(start)
		if err := tx.exec(`UPDATE events SET start_at = ?, end_at = ? WHERE id = ?`, at, millis(end), e.ID); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE passages SET at = ? WHERE item_id = ?`, at, e.ID); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE participants SET at = ? WHERE item_id = ?`, at, e.ID); err != nil {
			return err
		}
	}
	return nil
}
