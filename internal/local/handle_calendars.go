package local

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listCalendars(ctx context.Context, who Caller, in attrove.Cut) (attrove.Page[attrove.Calendar], error) {
	pages := placePager[store.Calendar, attrove.Calendar, string]{
		list:  attrove.ListCalendars.Meta,
		place: func(c store.Calendar) string { return c.ID },
		show:  who.showCalendar,
	}
	return pages.page(in, func(after *string, limit int) ([]store.Calendar, error) {
		if after == nil {
			after = new(string)
		}
		return who.core.store.Calendars(ctx, who.User.ID, *after, limit)
	})
}

func getCalendar(ctx context.Context, who Caller, in attrove.CalendarRef) (attrove.Calendar, error) {
	c, err := who.core.store.Calendar(ctx, who.User.ID, in.ID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Calendar{}, notFound("calendar")
	}
	return who.showCalendar(c), err
}

func updateCalendar(ctx context.Context, who Caller, in attrove.UpdateCalendarIn) (attrove.Calendar, error) {
	who.settle(ctx)
	c, err := who.core.store.SwitchCalendar(ctx, who.User.ID, in.ID, in.IsActive, who.Now)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Calendar{}, notFound("calendar")
	}
	return who.showCalendar(c), err
}

// showCalendar shows a calendar. Days are cut in the user's zone, whatever the
// events say, so that is the calendar's.
func (c Caller) showCalendar(one store.Calendar) attrove.Calendar {
	return attrove.Calendar{ID: one.ID, Name: attrove.ForeignText(one.Name), IntegrationID: one.IntegrationID, Provider: one.Provider,
		IsPrimary: one.Provider == providerEvent, IsActive: one.Active, Timezone: c.User.Timezone}
}
