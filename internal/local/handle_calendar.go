package local

import (
	"context"
	"errors"
	"slices"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listEvents(ctx context.Context, who Caller, in attrove.EventsIn) (attrove.Page[attrove.Event], error) {
	from, to, err := who.period(in.StartDate, in.EndDate)
	if err != nil {
		return attrove.Page[attrove.Event]{}, err
	}
	pages := pager[store.Event, attrove.Event]{
		list:     attrove.ListEvents.Meta,
		position: func(e store.Event) store.Position { return store.Position{At: e.StartAt, ID: e.ID} },
		show:     func(e store.Event) attrove.Event { return showEvent(e, in.Expand) },
	}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Event, error) {
		return who.core.store.Events(ctx, who.User.ID, store.EventFilter{From: from, To: to, After: after, Limit: limit})
	})
}

// getEvent shows an event whole, whatever the request expands.
func getEvent(ctx context.Context, who Caller, in attrove.EventIn) (attrove.Event, error) {
	e, err := who.core.store.Event(ctx, who.User.ID, in.ID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Event{}, who.missing(ctx, "event", in.ID)
	}
	return showEvent(e, []attrove.EventExpand{"attendees", "description"}), err
}

func showEvent(e store.Event, expand []attrove.EventExpand) attrove.Event {
	out := attrove.Event{ID: e.ID, Title: attrove.ForeignText(e.Title), StartTime: index.Time(e.StartAt), EndTime: index.Time(e.EndAt),
		AllDay: e.AllDay, Location: attrove.ForeignText(e.Location)}
	if slices.Contains(expand, "description") {
		out.Description = attrove.ForeignText(e.Description)
	}
	if slices.Contains(expand, "attendees") {
		out.Attendees = showPeople(e.Attendees)
	}
	return out
}

func listMeetings(ctx context.Context, who Caller, in attrove.MeetingsIn) (attrove.Page[attrove.Meeting], error) {
	from, to, err := who.period(in.StartDate, in.EndDate)
	if err != nil {
		return attrove.Page[attrove.Meeting]{}, err
	}
	pages := pager[store.Meeting, attrove.Meeting]{
		list:     attrove.ListMeetings.Meta,
		position: func(m store.Meeting) store.Position { return store.Position{At: m.StartAt, ID: m.ID} },
		show:     func(m store.Meeting) attrove.Meeting { return showMeeting(m, in.Expand) },
	}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Meeting, error) {
		return who.core.store.Meetings(ctx, who.User.ID,
			store.MeetingFilter{From: from, To: to, Provider: in.Provider, After: after, Limit: limit})
	})
}

// getMeeting shows a meeting whole, its transcript too (contract section 8).
func getMeeting(ctx context.Context, who Caller, in attrove.MeetingIn) (attrove.Meeting, error) {
	m, err := who.core.store.Meeting(ctx, who.User.ID, in.ID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Meeting{}, who.missing(ctx, "meeting", in.ID)
	}
	return showMeeting(m, []attrove.MeetingExpand{"short_summary", "action_items", "summary", "transcript", "attendees"}), err
}

// showMeeting shows who was there in any case: Attrove's meeting-prep example
// matches attendees without asking for them.
func showMeeting(m store.Meeting, expand []attrove.MeetingExpand) attrove.Meeting {
	out := attrove.Meeting{ID: m.ID, Title: attrove.ForeignText(m.Title), StartTime: index.Time(m.StartAt), EndTime: index.Time(m.EndAt),
		Provider: m.Provider, Attendees: showPeople(m.Attendees)}
	for _, part := range expand {
		switch part {
		case "short_summary":
			out.ShortSummary = attrove.ForeignText(m.ShortSummary)
		case "summary":
			out.Summary = attrove.ForeignText(m.Summary)
		case "transcript":
			out.Transcript = attrove.ForeignText(m.Transcript)
		case "action_items":
			out.ActionItems = attrove.Lenient[attrove.ActionItem]{}
			for _, a := range m.ActionItems {
				out.ActionItems = append(out.ActionItems,
					attrove.ActionItem{Description: attrove.ForeignText(a.Description), Assignee: attrove.ForeignText(a.Assignee)})
			}
		}
	}
	return out
}

func showPeople(people []store.Person) attrove.Lenient[attrove.Attendee] {
	out := attrove.Lenient[attrove.Attendee]{}
	for _, p := range people {
		out = append(out, attrove.Attendee{Email: attrove.ForeignText(p.Email), Name: attrove.ForeignText(p.Name), Status: p.Status})
	}
	return out
}

func deleteMeeting(ctx context.Context, who Caller, in attrove.MeetingRef) (attrove.Archived, error) {
	return who.archive(ctx, store.KindMeeting, in.ID)
}

func deleteMeetingByExternalID(ctx context.Context, who Caller, in attrove.ExternalRef) (attrove.Archived, error) {
	return who.archiveExternal(ctx, store.KindMeeting, in.ExternalID)
}

// archive takes an item out of sight. Whoever pushed it just before may do so
// at once, so the queue is let empty first.
func (c Caller) archive(ctx context.Context, kind store.Kind, id string) (attrove.Archived, error) {
	c.settle(ctx)
	err := c.core.store.Archive(ctx, c.User.ID, kind, id, c.Now)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Archived{}, c.missing(ctx, string(kind), id)
	}
	return attrove.Archived{ID: id, Archived: err == nil}, err
}

func (c Caller) archiveExternal(ctx context.Context, kind store.Kind, externalID string) (attrove.Archived, error) {
	id, err := c.core.store.ItemByExternalID(ctx, c.User.ID, kind, externalID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Archived{}, notFound(string(kind) + " with this external_id")
	}
	if err != nil {
		return attrove.Archived{}, err
	}
	return c.archive(ctx, kind, id)
}
