package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Calendar holds the events of one integration.
type Calendar struct {
	ID            string
	IntegrationID string
	Provider      string
	Name          string
	Active        bool // whether its events are in sight
}

// hiddenEvents are the integrations whose calendars are not active.
const hiddenEvents = `(SELECT integration_id FROM calendars WHERE is_active = 0)`

// inActiveCalendar is whether the participant p is in sight.
const inActiveCalendar = `(p.kind <> 'event' OR (SELECT integration_id FROM events WHERE id = p.item_id) NOT IN ` + hiddenEvents + `)`

// inSight leaves passages of hidden events out of a query for kinds.
func (c *conditions) inSight(kinds []Kind) {
	if len(kinds) == 0 || slices.Contains(kinds, KindEvent) {
		c.add("(p.kind <> 'event' OR p.integration_id NOT IN " + hiddenEvents + ")")
	}
}

const calendarQuery = `SELECT c.id, c.integration_id, n.provider, n.name, c.is_active
	FROM calendars c JOIN integrations n ON n.id = c.integration_id WHERE `

func scanCalendar(rows *sql.Rows) (Calendar, error) {
	var c Calendar
	err := rows.Scan(&c.ID, &c.IntegrationID, &c.Provider, &c.Name, &c.Active)
	return c, err
}

// Calendars returns a user's calendars in the order they appeared. After is the
// last of the page before; "" begins.
func (s *Store) Calendars(ctx context.Context, userID, after string, limit int) ([]Calendar, error) {
	all, err := collect(ctx, s, scanCalendar, calendarQuery+`c.user_id = ? AND c.id > ? ORDER BY c.id LIMIT ?`, userID, after, limit)
	if err != nil {
		return nil, fmt.Errorf("calendars: %w", err)
	}
	return all, nil
}

// Calendar returns one of a user's calendars.
func (s *Store) Calendar(ctx context.Context, userID, id string) (Calendar, error) {
	c, err := one(ctx, s, scanCalendar, calendarQuery+`c.id = ? AND c.user_id = ?`, id, userID)
	if err != nil {
		return Calendar{}, fmt.Errorf("calendar: %w", err)
	}
	return c, nil
}

// SwitchCalendar brings the events of one of a user's calendars into sight or
// out of it, and returns the calendar as it is then.
func (s *Store) SwitchCalendar(ctx context.Context, userID, id string, active bool, at time.Time) (Calendar, error) {
	var c Calendar
	err := s.Write(ctx, func(tx *Tx) (err error) {
		n, err := tx.changed(`UPDATE calendars SET is_active = ?1 WHERE id = ?2 AND user_id = ?3 AND is_active <> ?1`, active, id, userID)
		if err == nil && n > 0 {
			err = tx.EvaluateActive(userID, at, time.Now())
		}
		if err == nil {
			c, err = one(tx.ctx, tx, scanCalendar, calendarQuery+`c.id = ? AND c.user_id = ?`, id, userID)
		}
		return err
	})
	if err != nil {
		return Calendar{}, fmt.Errorf("switch calendar: %w", err)
	}
	return c, nil
}
