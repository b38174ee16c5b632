package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Export writes all of the user's data as JSON, one object on each line: its
// kind, and as data the fields that the API gives it in full. The kinds come
// in the order in which each names only what came before it: profile, settings,
// integration, calendar, conversation, entity, message, meeting, event, note,
// goal, goal_snapshot, goal_event. Within a kind things come as they first came
// in; what is archived or hidden is there, too. It returns how many lines it wrote.
//
// Memory does not grow with what there is.
func (w *Owner) Export(ctx context.Context, to io.Writer) (int, error) {
	x := &exporter{core: w.core, who: Caller{User: w.user, Now: w.o.Now(), core: w.core}, w: to}
	for _, part := range []func(context.Context) error{x.owner, x.sources, x.items, x.goals} {
		if err := part(ctx); err != nil {
			return x.lines, fmt.Errorf("export: %w", err)
		}
	}
	return x.lines, nil
}

type exporter struct {
	core  *core
	who   Caller
	w     io.Writer
	lines int
}

// line writes an object with its kind.
func line[T any](x *exporter, kind string, v T) error {
	text, err := json.Marshal(struct {
		Kind string `json:"kind"`
		Data T      `json:"data"`
	}{kind, v})
	if err != nil {
		return err
	}
	if _, err := x.w.Write(append(text, '\n')); err != nil {
		return err
	}
	x.lines++
	return nil
}

func (x *exporter) owner(ctx context.Context) error {
	profile, err := showUser(x.who.User)
	if err != nil {
		return err
	}
	if err := line(x, "profile", profile); err != nil {
		return err
	}
	set, err := x.core.store.Settings(ctx)
	if err != nil {
		return err
	}
	return line(x, "settings", showSettings(set))
}

func (x *exporter) sources(ctx context.Context) error {
	integrations, err := x.core.store.Integrations(ctx, x.who.User.ID)
	if err != nil {
		return err
	}
	for _, n := range integrations {
		if err := line(x, "integration", showIntegration(n)); err != nil {
			return err
		}
	}
	calendars, err := x.core.store.Calendars(ctx, x.who.User.ID, "", len(integrations))
	if err != nil {
		return err
	}
	for _, c := range calendars {
		if err := line(x, "calendar", x.who.showCalendar(c)); err != nil {
			return err
		}
	}
	err = x.core.store.AllConversations(ctx, x.who.User.ID, func(c store.Conversation) error {
		return line(x, "conversation", showConversation(c))
	})
	if err != nil {
		return err
	}
	return x.core.store.AllEntities(ctx, x.who.User.ID, func(e store.Entity) error { return line(x, "entity", showEntity(e)) })
}

func (x *exporter) items(ctx context.Context) error {
	s, user := x.core.store, x.who.User.ID
	err := s.AllMessages(ctx, user, func(m store.Message) error {
		return line(x, "message", showMessage(m, []attrove.MessageExpand{"body_text", "headers"}))
	})
	if err != nil {
		return err
	}
	err = s.AllMeetings(ctx, user, func(m store.Meeting) error {
		return line(x, "meeting", showMeeting(m, []attrove.MeetingExpand{"short_summary", "action_items", "summary", "transcript", "attendees"}))
	})
	if err != nil {
		return err
	}
	err = s.AllEvents(ctx, user, func(e store.Event) error {
		return line(x, "event", showEvent(e, []attrove.EventExpand{"attendees", "description"}))
	})
	if err != nil {
		return err
	}
	return s.AllNotes(ctx, user, func(n store.Note) error { return line(x, "note", showNote(n)) })
}

func (x *exporter) goals(ctx context.Context) error {
	s, user := x.core.store, x.who.User.ID
	if err := s.AllGoals(ctx, user, func(g store.Goal) error { return line(x, "goal", showGoal(g)) }); err != nil {
		return err
	}
	if err := s.AllSnapshots(ctx, user, func(f store.Snapshot) error { return line(x, "goal_snapshot", f.Body) }); err != nil {
		return err
	}
	return s.AllGoalEvents(ctx, user, func(e store.GoalEvent) error {
		shown, err := showGoalEvent(e)
		if err != nil {
			return err
		}
		return line(x, "goal_event", shown)
	})
}
