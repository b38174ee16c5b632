package prompts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/slug"
)

const (
	ahead       = 14 // days in which the next meeting is looked for
	meetingsAgo = 120
	mailAgo     = 60
	maxPeople   = 6 // of a meeting, about whom more is asked
)

// meetingPrep is what to know before walking in.
func meetingPrep() *Prompt {
	return &Prompt{
		name: "meeting_prep", title: "Prepare me for a meeting",
		description: "Who comes, what you met about before, the mail since, what both sides promised and which goals it touches. Takes your next meeting unless you name one.",
		tool:        "attrove_events",
		arguments: []Argument{{Name: "meeting", Title: "Meeting", suggest: upcoming,
			Description: "An event's id, or words of its title or of who comes. Your next meeting with others if left out."}},
		write: writeMeetingPrep,
	}
}

func writeMeetingPrep(d *desk, a args) (*brief, error) {
	e, err := d.meeting(a["meeting"])
	if err != nil {
		return nil, err
	}
	if e.ID == "" {
		t := d.brief("Meeting preparation")
		t.b.WriteString("\nNo meeting with others is in the calendar for the next two weeks.\n")
		t.job = "Tell me in one sentence that there is no meeting to prepare, and over what the calendar reaches."
		return t, nil
	}
	circle := d.circle(e.Attendees)
	before := ask(d, question{what: "earlier meetings", tool: "attrove_meetings"}, attrove.ListMeetings, attrove.MeetingsIn{StartDate: d.day(-meetingsAgo),
		EndDate: d.day(0), Expand: []attrove.MeetingExpand{"short_summary", "action_items", "attendees"}, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
	mail := circle.mail(d)
	goals, contacts := activeGoals(d), circle.contacts(d)
	said := promisesWith(d, circle)
	d.wait()
	latest := d.followed(messagesOf(mail))
	know(d, before)
	know(d, goals)

	t := d.brief("Meeting preparation")
	t.add(section{title: "The meeting", rows: []string{d.event(e)}, most: 2500})
	met := d.metBefore(before.Value.Data, circle)
	t.add(section{title: "Earlier meetings with them", rows: met, none: unless(before.ok(), "None in the last 120 days."), most: 4000, rest: "attrove_meetings"})
	t.add(section{title: "Their latest mail and messages, by thread", rows: latest, none: unless(allOK(mail), "None in the last 60 days."), most: 3500, rest: "attrove_messages"})
	said.add(t)
	touched := d.goalRows(goals.Value.Data, func(g attrove.Goal) bool { return circle.touches(g, e, contacts) })
	t.add(section{title: "Goals that touch them", rows: touched, none: unless(goals.ok(), "None."), most: 3000, rest: "attrove_list_goals"})
	t.job = `Prepare me for this meeting, to be read in two minutes:
1. One sentence: what it is for and what I should come out with.
2. Who comes, and what matters about each now.
3. Where things stand: the earlier meetings and the mail since, only what still matters.
4. Open promises, ours and theirs apart, with their dates. The data says what was promised and not whether it was kept: compare it with what came later, and say open, kept or unclear.
5. Three questions or points for me to raise, and one risk to be ready for.
If something about the meeting itself contradicts the mail, such as its time, point it out.`
	return t, nil
}

// meeting is the event that a user means: the one with this id, the next that the
// words fit, or the next with others. An event without an id says that there is
// none.
func (d *desk) meeting(said string) (attrove.Event, error) {
	if id, ok := idIn(said, "evt_"); ok {
		one := ask(d, question{what: "the meeting", tool: "attrove_get_event"}, attrove.GetEvent,
			attrove.EventIn{ID: id, Expand: []attrove.EventExpand{"attendees", "description"}})
		d.wait()
		return one.Value, refused("meeting", "there is no event of this id", one.err)
	}
	planned := calendar(d, 0, ahead)
	d.wait()
	know(d, planned)
	if planned.err != nil {
		return attrove.Event{}, shown(planned.err)
	}
	events := planned.Value.Data
	slices.SortStableFunc(events, func(a, b attrove.Event) int { return cmp.Compare(a.StartTime, b.StartTime) })
	for _, e := range events {
		if fits := said == "" && !e.AllDay && d.others(e.Attendees, 1) != "" || said != "" && about(e, said); fits && after(e.EndTime, d.now) {
			return e, nil
		}
	}
	if said != "" {
		return attrove.Event{}, invalid("meeting", "no event in the next two weeks has these words in its title or among its people; take one from the completions, or leave it out for the next meeting")
	}
	return attrove.Event{}, nil
}

// about reports whether an event has all these words in its title or people.
func about(e attrove.Event, said string) bool {
	return holds(string(e.Title)+mentions(e.Attendees), said)
}

// idIn is the id in an argument, which may be slug~id. Ids of this kind begin
// with prefix; after a slug any will do.
func idIn(said, prefix string) (id string, ok bool) {
	if !slug.Has(said) && !strings.HasPrefix(said, prefix) {
		return "", false
	}
	return slug.ID(said)
}

// maxAttendees is how many of a meeting's people are named.
const maxAttendees = 15

// event is a row about a meeting that is planned, with who comes and what it says
// of itself.
func (d *desk) event(e attrove.Event) string {
	place := ""
	if e.Location != "" {
		place = quoted(e.Location, maxTitle)
	}
	var b strings.Builder
	b.WriteString(row(d.span(e)+" "+title(e.Title), e.ID, "until "+d.moment(e.EndTime), with("at", place)))
	named := e.Attendees[:min(len(e.Attendees), maxAttendees)]
	for _, p := range named {
		b.WriteString("  " + who(p.Name, p.Email))
		if d.mine(p.Email) {
			b.WriteString(" (you)")
		}
		if p.Status != "" {
			b.WriteString(": " + words(p.Status))
		}
		b.WriteString("\n")
	}
	if more := len(e.Attendees) - len(named); more > 0 {
		b.WriteString(" " + andMore(more) + "\n")
	}
	b.WriteString(excerpt(e.Description, 600))
	return b.String()
}

// metBefore are rows about earlier meetings with people of the circle.
func (d *desk) metBefore(meetings []attrove.Meeting, c circle) []string {
	var rows []string
	for _, m := range meetings {
		if len(rows) == 5 || !c.met(m) || after(m.StartTime, d.now) {
			continue
		}
		rows = append(rows, d.met(m))
	}
	return rows
}

// maxItems is how many action items of a meeting are shown.
const maxItems = 6

// met is a row about a meeting that took place.
func (d *desk) met(m attrove.Meeting) string {
	var b strings.Builder
	b.WriteString(row(d.moment(m.StartTime)+" "+title(m.Title), m.ID, with("with", d.others(m.Attendees, 6))))
	b.WriteString(excerpt(first(m.ShortSummary, m.Summary), 400))
	shown := m.ActionItems[:min(len(m.ActionItems), maxItems)]
	for _, item := range shown {
		by := ""
		if item.Assignee != "" {
			by = title(item.Assignee)
		}
		b.WriteString("  To do" + with(" by", by) + ":\n" + excerpt(item.Description, 200))
	}
	if more := len(m.ActionItems) - len(shown); more > 0 {
		b.WriteString(" " + andMore(more) + " to do" + d.by("attrove_get_meeting") + "\n")
	}
	return b.String()
}
