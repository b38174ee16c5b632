package prompts

import (
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/when"
)

// endOfDay is what a user closes the day with.
func endOfDay() *Prompt {
	return &Prompt{
		name: "end_of_day", title: "Close my day",
		description: "What happened today, what came in that you have not answered, what you promised, and what comes next.",
		tool:        "attrove_messages",
		arguments: []Argument{{Name: "day", Title: "Day", suggest: daysBack,
			Description: "Another day than today, such as yesterday, friday or 2026-11-03."}},
		write: writeEndOfDay,
	}
}

func writeEndOfDay(d *desk, a args) (*brief, error) {
	day := when.StartOfDay(d.now)
	if said := a["day"]; said != "" {
		var err error
		switch day, err = when.ParseDate(said, d.now); {
		case err != nil:
			return nil, invalid("day", err.Error())
		case day.After(d.now):
			return nil, invalid("day", "it must not be in the future")
		}
	}
	that := attrove.Date(day.Format(time.DateOnly))
	next := attrove.Date(when.AddDays(day, soon).Format(time.DateOnly))
	mail := ask(d, question{what: "the day's messages", tool: "attrove_messages"}, attrove.ListMessages, attrove.MessagesIn{StartDate: that, EndDate: that,
		Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
	meetings := ask(d, question{what: "the day's meetings", tool: "attrove_meetings"}, attrove.ListMeetings, attrove.MeetingsIn{StartDate: that, EndDate: that,
		Expand: []attrove.MeetingExpand{"short_summary", "action_items", "attendees"}, Cut: attrove.Cut{Limit: 25}})
	planned := ask(d, question{what: "the calendar", tool: "attrove_events"}, attrove.ListEvents, attrove.EventsIn{StartDate: that, EndDate: next,
		Expand: []attrove.EventExpand{"attendees"}, Cut: attrove.Cut{Limit: 50}})
	goals, events := activeGoals(d), goalEvents(d, day)
	open := query(d, "What needs my attention this week?", "what is still open")
	d.wait()
	know(d, mail)
	know(d, goals)

	mine := func(m attrove.Message) bool { return d.mine(m.SenderEmail) }
	sent := slices.DeleteFunc(slices.Clone(mail.Value.Data), func(m attrove.Message) bool { return !mine(m) })
	came := slices.DeleteFunc(slices.Clone(mail.Value.Data), func(m attrove.Message) bool { return mine(m) || answered(m, sent) })
	t := d.brief("The day: " + day.Format("Monday 2 January 2006"))
	t.add(section{title: "Meetings that took place", rows: d.meetings(meetings.Value.Data), none: unless(meetings.ok(), "None is recorded."), most: 3000, rest: "attrove_meetings", more: meetings.Paging.HasMore})
	t.add(section{title: "In the calendar, that day and the next three", rows: d.schedule(planned.Value.Data), none: unless(planned.ok(), "Nothing."), most: 2000, rest: "attrove_events", more: planned.Paging.HasMore})
	t.add(section{title: "You wrote", rows: d.threads(sent), none: unless(mail.ok(), "Nothing."), most: 3000, rest: "attrove_messages"})
	t.add(section{title: "Came in and not answered in the thread, latest first", rows: d.threads(came), none: unless(mail.ok(), "Nothing."), most: 4500, rest: "attrove_messages", more: mail.Paging.HasMore})
	t.add(section{title: "Goals: what happened since", rows: d.changed(events.Value.Data, goals.Value.Data), none: unless(events.ok(), "Nothing."), most: 1200, rest: "attrove_goal_events"})
	t.quote("Still open this week", open, "Nothing was found.")
	t.job = `Close this day with me, in at most fifteen lines:
1. What got done or decided, in three lines.
2. What came in that asks something of me and that I have not answered: who, what, by when. I may have answered elsewhere: say "no answer in that thread".
3. What I promised today, to whom and for when.
4. What changed about my goals.
5. The next working day: the meetings, and the one thing to do before the first of them.
Leave out newsletters, notices of machines and small talk. Then offer, without doing it, to save this as a note (attrove_push_note) if I want to keep it.`
	return t, nil
}

// answered reports whether the user wrote in the thread of a message after it.
func answered(m attrove.Message, sent []attrove.Message) bool {
	return slices.ContainsFunc(sent, func(own attrove.Message) bool {
		return own.ThreadID != "" && own.ThreadID == m.ThreadID && own.ReceivedAt > m.ReceivedAt
	})
}

// meetings are rows about meetings, in the order in which they were.
func (d *desk) meetings(all []attrove.Meeting) []string {
	var rows []string
	for _, m := range slices.Backward(all) {
		rows = append(rows, d.met(m))
	}
	return rows
}

// schedule are rows about events, also those that are over.
func (d *desk) schedule(events []attrove.Event) []string {
	var rows []string
	for _, e := range events {
		rows = append(rows, row(d.span(e)+" "+title(e.Title), e.ID, with("with", d.others(e.Attendees, 5))))
	}
	return rows
}
