package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

const mostEvents = 20

// calendar lists events: of the period, else of the next seven days or the one that
// comes next; with a topic or people, all that fit. If nothing does, it is the last one.
func (a *Answerer) calendar(ctx context.Context, q question) ([]line, error) {
	if len(q.topic) == 0 && len(q.parties) == 0 && (movedWords.MatchString(q.text) || cancelledWords.MatchString(q.text)) {
		return a.movedEvents(ctx, q)
	}
	events, err := a.asked(ctx, q)
	if err != nil {
		return nil, err
	}
	events = q.during(events)
	var lines []line
	for _, e := range events[:min(len(events), mostEvents)] {
		lines = append(lines, q.event(e))
	}
	if len(lines) > 0 {
		lines[0] = q.distant(lines[0], events[0])
	}
	if len(q.topic) == 0 {
		return lines, nil
	}
	if len(lines) == 0 { // it is in no calendar, but somebody may have written when
		return a.lookUp(ctx, q)
	}
	moved, err := a.moved(ctx, q)
	return append(lines, moved...), err
}

// asked are the events that a question about the calendar is after.
func (a *Answerer) asked(ctx context.Context, q question) ([]store.Event, error) {
	if q.period.Phrase != "" {
		return a.events(ctx, q, q.period.From, q.period.To)
	}
	ahead, err := a.events(ctx, q, q.now, time.Time{})
	if err != nil {
		return nil, err
	}
	ahead = q.met(ahead)
	if len(ahead) == 0 { // "when was the kickoff"
		return a.lastOver(ctx, q)
	}
	if q.wantsNext() {
		return slices.DeleteFunc(ahead, func(e store.Event) bool { return e.StartAt.After(ahead[0].StartAt) }), nil
	}
	if len(q.topic) > 0 || len(q.parties) > 0 {
		return ahead, nil
	}
	week := when.AddDays(q.now, 8)
	later := slices.IndexFunc(ahead, func(e store.Event) bool { return !e.StartAt.Before(week) })
	if later < 0 {
		return ahead, nil
	}
	return ahead[:max(later, 1)], nil
}

// gatherings are the words of a question about more than one.
const gatherings = "meetings|events|calls|appointments|sessions"

// wantsNext reports whether a question is about the next of the events that fit, and not
// about all of them.
func (q question) wantsNext() bool {
	text := speech.Plain(q.text)
	return speech.HasAny(text, "next|nearest") && !speech.HasAny(text, gatherings)
}

// met are the events that are meetings, if the question is after those alone: a holiday
// is none.
func (q question) met(events []store.Event) []store.Event {
	if len(q.topic) > 0 || !speech.HasAny(speech.Plain(q.text), "meeting|meetings|call|calls|appointment|appointments") {
		return events
	}
	return slices.DeleteFunc(events, func(e store.Event) bool { return e.AllDay || cancelled(e) })
}

// lastOver is the last event that a question is about, as a list. It looks at the last
// year first: of all there are, only the first may be loaded.
func (a *Answerer) lastOver(ctx context.Context, q question) ([]store.Event, error) {
	var past []store.Event
	for _, from := range []time.Time{q.now.AddDate(-1, 0, 0), {}} {
		var err error
		past, err = a.events(ctx, q, from, q.now)
		if past = q.met(past); err != nil || len(past) > 0 {
			return past[max(0, len(past)-1):], err
		}
	}
	return past, nil
}

// distant says of an event that it is long until then, or that it is over, where nobody
// asked for its time: in an old calendar the next meeting may be years away.
func (q question) distant(l line, e store.Event) line {
	const long = 31 * day
	switch {
	case q.period.Phrase != "":
		return l
	case e.StartAt.Sub(q.now) > long:
		return l.led("Nothing sooner: ")
	case e.EndAt.Before(q.now) && q.asks != aPast:
		return l.led("Nothing is to come, the last was: ")
	}
	return l
}

// moved quotes who last spoke of moving what the question is about, rather with the
// new time than without, and who named another time before.
func (a *Answerer) moved(ctx context.Context, q question) ([]line, error) {
	found, err := a.find(ctx, q, candidates)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(s scored) bool {
		return s.Source.Kind == store.KindEvent || s.At.Before(q.now.Add(-someday)) || !q.isAbout(s.Text+" "+s.Before+" "+s.Source.Title, []store.Person{s.Author})
	})
	value := func(s scored) string { return aTime.value(s.Statement, q.now.Location()) }
	var last, before *scored
	for i, s := range found {
		better := last == nil || value(s) != "" && value(*last) == "" || (value(s) != "") == (value(*last) != "") && s.At.After(last.At)
		if changes(s.Statement) && s.At.After(q.now.Add(-openFor)) && better {
			last = &found[i]
		}
	}
	if last == nil {
		return nil, nil
	}
	moving := q.quote(last.Statement).led("About moving it: ")
	if reply := replyTo(found, *last); last.Signal.Has(speech.Ask) && reply != nil {
		moving = append(moving, q.quote(reply.Statement)...)
	}
	lines := []line{moving}
	for i, s := range found {
		if old := value(s); old != "" && old != value(*last) && s.At.Before(last.At) && (before == nil || s.At.After(before.At)) {
			before = &found[i]
		}
	}
	if before != nil && value(*last) != "" {
		lines = append(lines, q.quote(before.Statement).led("Before that: "))
	}
	return lines, nil
}

// replyTo is the first thing that somebody else said in the thread afterwards; nil
// if nobody did.
func replyTo(all []scored, asked scored) *scored {
	var first *scored
	for i, s := range all {
		if s.Thread == asked.Thread && s.At.After(asked.At) && s.Author != asked.Author && (first == nil || s.At.Before(first.At) || s.At.Equal(first.At) && s.Order < first.Order) {
			first = &all[i]
		}
	}
	return first
}

// narrow makes the period of a question about the calendar that of an hour that it
// names, and of "my day" today's. It returns the text without the hour.
func (q *question) narrow(text, plain string) string {
	if q.period.Phrase == "" && strings.Contains(" "+plain+" ", " my day ") {
		q.period = when.Period{From: when.StartOfDay(q.now), To: when.NextDay(q.now), Phrase: "today"}
	}
	m := atHour.FindStringSubmatch(text)
	if m == nil || q.period.Phrase == "" || q.period.To.Sub(q.period.From) > 25*time.Hour {
		return text
	}
	hour, _ := strconv.Atoi(m[1]) // digits, by the pattern
	minute, _ := strconv.Atoi(m[2])
	switch half := strings.ToLower(m[3]); {
	case half == "pm" && hour < 12, half == "" && m[2] == "" && hour < 7: // nobody meets at 3 in the night
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	}
	if hour < 24 && minute < 60 {
		y, month, d := q.period.From.Date()
		q.hour = time.Date(y, month, d, hour, minute, 0, 0, q.now.Location())
	}
	return strings.Replace(text, m[0], " ", 1)
}

var atHour = regexp.MustCompile(`(?i)\bat (\d{1,2})(?:[:.](\d\d))? ?([ap]m)?\b`)

// during are the events that take place in the hour that a question names, or all
// where there are none: who sees the others sees that it is free.
func (q question) during(events []store.Event) []store.Event {
	if q.hour.IsZero() {
		return events
	}
	var then []store.Event
	for _, e := range events {
		if !e.AllDay && e.StartAt.Before(q.hour.Add(time.Hour)) && e.EndAt.After(q.hour) {
			then = append(then, e)
		}
	}
	if len(then) == 0 {
		return events
	}
	return then
}

// events loads the events of a period that the question is about.
func (a *Answerer) events(ctx context.Context, q question, from, to time.Time) ([]store.Event, error) {
	all, err := a.store.Events(ctx, q.user.ID, store.EventFilter{From: from, To: to, Limit: maxMessages})
	if err != nil {
		return nil, err
	}
	var kept []store.Event
	for _, e := range all {
		if q.wants(e.IntegrationID) && q.isAbout(e.Title, e.Attendees) {
			kept = append(kept, e)
		}
	}
	return kept, nil
}

// isAbout reports whether something with this title and these people is what
// the question names: all of its topic, and one of its people.
func (q question) isAbout(title string, people []store.Person) bool {
	if (q.wordsIn(title+" "+speech.NamesOf(people)) | q.wordsJoined(title)).count() < len(q.topic) {
		return false
	}
	if len(q.parties) == 0 || anyIncludes(q.parties, people...) {
		return true
	}
	for _, p := range q.parties {
		if p.mentioned(title) {
			return true
		}
	}
	return false
}

// event writes an event as a line.
func (q question) event(e store.Event) line {
	text := fmt.Sprintf("%s, %s to %s: %s", q.on(e.StartAt), q.clock(e.StartAt), q.clock(e.EndAt), e.Title)
	switch {
	case e.AllDay:
		text = fmt.Sprintf("%s, all day: %s", q.days(e), e.Title)
	case !e.EndAt.After(e.StartAt): // something opens, or is due
		text = fmt.Sprintf("%s, %s: %s", q.on(e.StartAt), q.clock(e.StartAt), e.Title)
	}
	var more []string
	if who := q.company(e.Attendees); who != "" {
		more = append(more, "with "+who)
	}
	if e.Location != "" {
		more = append(more, speech.Clip(e.Location))
	}
	if !e.WasStartAt.IsZero() {
		more = append(more, "moved from "+q.on(e.WasStartAt)+", "+q.clock(e.WasStartAt))
	}
	if len(more) > 0 {
		text += " (" + strings.Join(more, "; ") + ")"
	}
	return line{{text, speech.Source{Kind: store.KindEvent, ID: e.ID, Title: e.Title, Snippet: speech.Clip(cmp.Or(e.Description, e.Title))}}}
}

// cancelled reports whether a calendar says that an event does not take place:
// importers write so into its title.
func cancelled(e store.Event) bool {
	return strings.HasPrefix(e.Title, "Canceled: ") || strings.HasPrefix(e.Title, "Cancelled: ")
}

// days names the days that an event takes as a whole.
func (q question) days(e store.Event) string {
	first, last := q.on(e.StartAt), q.on(e.EndAt.Add(-time.Nanosecond))
	if first == last {
		return first
	}
	return first + " to " + last
}

// company names whom the user meets.
func (q question) company(people []store.Person) string {
	const most = 4
	var names []string
	for _, p := range people {
		if !q.me.Is(p) {
			names = append(names, speech.Call(p))
		}
	}
	if len(names) > most {
		names = append(names[:most-1], fmt.Sprintf("%d others", len(names)-most+1))
	}
	return listed(names)
}

// everybody names all of some people.
func everybody(people []store.Person) string {
	var names []string
	for _, p := range people {
		names = append(names, speech.Call(p))
	}
	return listed(names)
}

// listed is a list in words.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// recap tells what the last meeting was about that the question names.
func (a *Answerer) recap(ctx context.Context, q question) ([]line, error) {
	to := q.period.To
	if to.IsZero() || to.After(q.now) {
		to = q.now
	}
	meetings, err := a.meetings(ctx, q, q.period.From, to, maxMessages)
	if err != nil {
		return nil, err
	}
	notes, err := a.minuted(ctx, q, q.period.From, to)
	if err != nil {
		return nil, err
	}
	met := slices.IndexFunc(meetings, func(m store.Meeting) bool { return q.isAbout(m.Title, m.Attendees) })
	noted := slices.IndexFunc(notes, func(n store.Note) bool { return q.isAbout(n.Title, nil) })
	switch {
	case met >= 0 && (noted < 0 || !notes[noted].CreatedAt.After(meetings[met].StartAt.Add(day))):
		return a.minutes(q, meetings[met]), nil
	case noted >= 0:
		return a.recapOfNote(q, notes[noted]), nil
	}
	return nil, nil
}

// minutes is what there is of a meeting: its summary, or else what was said in
// it that matters most; and its action items.
func (a *Answerer) minutes(q question, m store.Meeting) []line {
	src := speech.Source{Kind: store.KindMeeting, ID: m.ID, Title: m.Title, Snippet: speech.Clip(cmp.Or(m.ShortSummary, m.Summary, m.Title))}
	head := fmt.Sprintf("%s on %s", m.Title, q.on(m.StartAt))
	if q.asksPresence() {
		if len(m.Attendees) == 0 {
			return nil
		}
		return []line{{{head + ", with " + everybody(m.Attendees) + ".", src}}}
	}
	if who := q.company(m.Attendees); who != "" {
		head += " with " + who
	}
	lines := []line{{{head + ".", src}}}
	all := a.reader.FromMeeting(q.me, m)
	var told []scored
	for _, s := range all {
		if s.Author.Name == "" && m.Summary+m.ShortSummary != "" {
			l := line{{speech.Clip(s.Text), s.Cited()}}
			if len(lines) <= mostLines {
				lines = append(lines, l)
			}
		} else {
			told = append(told, scored{Statement: s, score: salience(s)})
		}
	}
	if len(lines) == 1 {
		lines = append(lines, q.quoteAll(inOrder(pickSalient(told, mostLines, mostLines)))...)
	}
	for _, item := range m.ActionItems {
		text := "To do: " + speech.Clip(item.Description)
		if item.Assignee != "" {
			text = "To do for " + item.Assignee + ": " + speech.Clip(item.Description)
		}
		lines = append(lines, line{{text, src}})
	}
	return lines
}
