package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// updateMeeting changes what is said of a meeting (P-42). Null clears a field;
// a title there must be. A summary that is being written gives way to what a
// person wrote.
func updateMeeting(ctx context.Context, who Caller, in attrove.UpdateMeetingIn) (attrove.Meeting, error) {
	if err := checkMeeting(in); err != nil {
		return attrove.Meeting{}, err
	}
	who.await(ctx, who.core.pushes()) // what was pushed just before comes first
	err := who.core.store.Write(ctx, func(tx *store.Tx) error {
		m, err := tx.Meeting(who.User.ID, in.ID)
		if err != nil {
			return err
		}
		if in.Summary.Set || in.ShortSummary.Set || in.ActionItems.Set {
			if err := tx.DropSummary(m.ID); err != nil {
				return err
			}
		}
		return rewrite(tx, m, edited(m, in), who.Now)
	})
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Meeting{}, who.missing(ctx, "meeting", in.ID)
	}
	if err != nil {
		return attrove.Meeting{}, fmt.Errorf("update meeting: %w", err)
	}
	return getMeeting(ctx, who, attrove.MeetingIn{ID: in.ID})
}

func checkMeeting(in attrove.UpdateMeetingIn) error {
	var found problems
	if !in.Title.Set && !in.Summary.Set && !in.ShortSummary.Set && !in.ActionItems.Set {
		found.add("body", "must have at least one of title, summary, short_summary and action_items")
	}
	if in.Title.Set && strings.TrimSpace(in.Title.Value) == "" {
		found.add("title", "must not be empty")
	}
	for i, item := range in.ActionItems.Value {
		if item.Description == "" {
			found.add(fmt.Sprintf("action_items[%d].description", i), "is required")
		}
	}
	return found.err(http.StatusUnprocessableEntity)
}

// edited is m with the fields of in that are there. The value of null is the
// empty one.
func edited(m store.Meeting, in attrove.UpdateMeetingIn) store.Meeting {
	if in.Title.Set {
		m.Title = in.Title.Value
	}
	if in.Summary.Set {
		m.Summary = in.Summary.Value
	}
	if in.ShortSummary.Set {
		m.ShortSummary = in.ShortSummary.Value
	}
	if in.ActionItems.Set {
		m.ActionItems = nil
		for _, a := range in.ActionItems.Value {
			m.ActionItems = append(m.ActionItems, store.ActionItem{Description: string(a.Description), Assignee: string(a.Assignee)})
		}
	}
	return m
}

// rewrite stores what is now said of a meeting, and has search find it and goals
// heed it: those that it concerns, and those that what it was concerned.
func rewrite(tx *store.Tx, was, m store.Meeting, at time.Time) error {
	if err := tx.RewriteMeeting(m); err != nil {
		return err
	}
	if err := tx.SetPassages(m.UserID, m.ID, index.CutMeeting(m)); err != nil {
		return err
	}
	goals := newWakers(at)
	return errors.Join(goals.wake(tx, m.UserID, arrivedMeeting(was)), goals.wake(tx, m.UserID, arrivedMeeting(m)))
}

// regenerateSummary queues a new summary in place of the one there is, whoever
// wrote that (P-42).
func regenerateSummary(ctx context.Context, who Caller, in attrove.MeetingRef) (attrove.Regenerated, error) {
	who.await(ctx, who.core.pushes())
	err := who.core.store.Write(ctx, func(tx *store.Tx) error {
		m, err := tx.Meeting(who.User.ID, in.ID)
		if err != nil {
			return err
		}
		if strings.TrimSpace(m.Transcript) == "" {
			return problems{{"id", "names a meeting without a transcript, so there is nothing to summarize; push it again with its transcript"}}.
				err(http.StatusUnprocessableEntity)
		}
		return tx.QueueSummary(m, encode(summaryJob{Anew: true}), time.Now())
	})
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Regenerated{}, who.missing(ctx, "meeting", in.ID)
	}
	if err != nil {
		return attrove.Regenerated{}, err
	}
	who.core.minutes.Nudge()
	return attrove.Regenerated{ID: in.ID, Status: "queued"}, nil
}
