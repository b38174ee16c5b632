package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// MeetingFilter asks for meetings. Empty fields ask for nothing.
type MeetingFilter struct {
	IDs      []string
	From, To time.Time // meetings that begin in [From, To)
	Provider string
	After    *Position
	Limit    int
}

const meetingRows = `SELECT m.id, m.user_id, m.integration_id, n.provider, m.start_at, m.end_at, m.title, m.provider,
	m.attendees, m.action_items, m.short_summary, m.summary, m.transcript, m.metadata
	FROM meetings m JOIN integrations n ON n.id = m.integration_id WHERE `

const meetingQuery = meetingRows + `m.archived_at IS NULL AND `

func scanMeeting(rows *sql.Rows) (Meeting, error) {
	var m Meeting
	var start int64
	var end sql.NullInt64
	err := rows.Scan(&m.ID, &m.UserID, &m.IntegrationID, &m.Source, &start, &end, &m.Title, &m.Provider,
		listColumn[Person]{&m.Attendees}, listColumn[ActionItem]{&m.ActionItems}, &m.ShortSummary, &m.Summary,
		&m.Transcript, objectColumn{&m.Metadata})
	m.StartAt, m.EndAt = fromMillis(start), fromNull(end)
	return m, err
}

// Meeting returns one of a user's meetings.
func (s *Store) Meeting(ctx context.Context, userID, id string) (Meeting, error) {
	m, err := one(ctx, s, scanMeeting, meetingQuery+`m.id = ? AND m.user_id = ?`, id, userID)
	if err != nil {
		return Meeting{}, fmt.Errorf("meeting: %w", err)
	}
	return m, nil
}

// Meeting returns one of a user's meetings within the transaction.
func (tx *Tx) Meeting(userID, id string) (Meeting, error) {
	return one(tx.ctx, tx, scanMeeting, meetingQuery+`m.id = ? AND m.user_id = ?`, id, userID)
}

// Meetings returns a user's meetings, newest first.
func (s *Store) Meetings(ctx context.Context, userID string, f MeetingFilter) ([]Meeting, error) {
	var where conditions
	where.of("m.user_id", userID, f.IDs)
	oneOf(&where, "m.id", f.IDs)
	where.period("m.start_at", f.From, f.To)
	where.equal("m.provider", f.Provider)
	where.before("m.start_at", "m.id", f.After)
	all, err := collect(ctx, s, scanMeeting,
		meetingQuery+where.String()+` ORDER BY m.start_at DESC, m.id DESC LIMIT ?`, append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("meetings: %w", err)
	}
	return all, nil
}

// SaveMeeting stores m in place of what its id held.
func (tx *Tx) SaveMeeting(m Meeting, at time.Time) error {
	if err := tx.place("meetings", m.ID, m.IntegrationID, at); err != nil {
		return err
	}
	return tx.exec(`INSERT INTO meetings (id, user_id, integration_id, start_at, end_at, title, provider, attendees,
			action_items, metadata, short_summary, summary, transcript)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET integration_id = excluded.integration_id, start_at = excluded.start_at,
			end_at = excluded.end_at, title = excluded.title, provider = excluded.provider, attendees = excluded.attendees,
			action_items = excluded.action_items, metadata = excluded.metadata, archived_at = NULL,
			short_summary = excluded.short_summary, summary = excluded.summary, transcript = excluded.transcript`,
		m.ID, m.UserID, m.IntegrationID, millis(m.StartAt), nullMillis(m.EndAt), m.Title, m.Provider, encodeList(m.Attendees),
		encodeList(m.ActionItems), encodeObject(m.Metadata), m.ShortSummary, m.Summary, m.Transcript)
}

// RewriteMeeting stores what may be said of a meeting after it was pushed: its
// title, its summaries and its action items.
func (tx *Tx) RewriteMeeting(m Meeting) error {
	return tx.exec(`UPDATE meetings SET title = ?, short_summary = ?, summary = ?, action_items = ? WHERE id = ? AND user_id = ?`,
		m.Title, m.ShortSummary, m.Summary, encodeList(m.ActionItems), m.ID, m.UserID)
}

// QueueSummaries is the queue of summaries to write; a job's lane is its
// meeting's id.
const QueueSummaries = "summaries"

// QueueSummary queues the writing of a meeting's summary, in place of what was
// queued of it.
func (tx *Tx) QueueSummary(m Meeting, payload []byte, runAt time.Time) error {
	if err := tx.DropSummary(m.ID); err != nil {
		return err
	}
	return tx.enqueue(QueueSummaries, m.ID, m.UserID, payload, runAt)
}

// DropSummary takes back that a meeting's summary is to be written, also from
// whoever writes it now: their transaction fails with ErrLeaseLost.
func (tx *Tx) DropSummary(meetingID string) error {
	return tx.exec(`DELETE FROM jobs WHERE queue = ? AND lane = ?`, QueueSummaries, meetingID)
}
