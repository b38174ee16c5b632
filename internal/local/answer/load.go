package answer

import (
	"context"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// maxMessages bounds how many messages are read for one answer.
const maxMessages = 1500

// messages loads those of a period, oldest first.
func (a *Answerer) messages(ctx context.Context, q question, from, to time.Time) ([]store.Message, error) {
	return a.lastMessages(ctx, q, from, to, maxMessages)
}

// lastMessages loads at most so many of a period, oldest first.
func (a *Answerer) lastMessages(ctx context.Context, q question, from, to time.Time, most int) ([]store.Message, error) {
	all, err := a.store.Messages(ctx, q.user.ID, store.MessageFilter{From: from, To: to, Limit: most})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m store.Message) bool { return !q.wants(m.IntegrationID) })
	slices.Reverse(all)
	return all, nil
}

// meetings loads those that began in a period, newest first.
func (a *Answerer) meetings(ctx context.Context, q question, from, to time.Time, limit int) ([]store.Meeting, error) {
	all, err := a.store.Meetings(ctx, q.user.ID, store.MeetingFilter{From: from, To: to, Limit: limit})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m store.Meeting) bool { return !q.wants(m.IntegrationID) }), nil
}
