package answer

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How much of each a briefing has.
const (
	mostGuests    = 4
	mostOpen      = 4
	mostGiven     = 3 // promises, of either side
	mostSettled   = 2 // decisions
	mostDocuments = 2
	mostMinutes   = 4 // lines, the first of which names the meeting
	mostPrepared  = 6 // meetings of a day
	mostOfSeveral = 4 // lines of one of them
)

// briefing tells what to know before an event: the event, what each of its people
// last wrote, what is open and promised between them and the user's side, what was
// decided, which documents were spoken of, and what their last meeting was about.
// Of several meetings it tells less of each.
func (a *Answerer) briefing(ctx context.Context, q question) ([]line, error) {
	events, err := a.eventsToPrepare(ctx, q)
	if err != nil {
		return nil, err
	}
	several := speech.HasAny(speech.Plain(q.text), gatherings) || strings.Contains(q.text, " my day")
	if !several || q.period.Phrase == "" {
		return a.before(ctx, q, events[:min(len(events), 1)])
	}
	var lines []line
	for _, e := range events[:min(len(events), mostPrepared)] {
		of, err := a.before(ctx, q, []store.Event{e})
		if err != nil {
			return nil, err
		}
		lines = append(lines, of[:min(len(of), mostOfSeveral)]...)
	}
	return lines, nil
}

// before tells what to know before an event, or to know of those whom a question names
// if there is none.
func (a *Answerer) before(ctx context.Context, q question, events []store.Event) ([]line, error) {
	about := q
	var b brief
	if len(events) > 0 {
		b.lines = append(b.lines, q.distant(q.event(events[0]), events[0]))
		about.parties = append(slices.Clone(about.parties), partyOf(q.me, events[0].Attendees))
	}
	if len(about.parties) == 0 {
		return nil, nil
	}
	about.topic, about.period.Phrase, about.period.From, about.period.To = nil, "", time.Time{}, time.Time{}
	d, err := a.desk(ctx, about)
	if err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(a.matters(d), func(m matter) bool { return m.score < 0 || !about.touches(m, d) })
	for _, one := range bundle(open, mostOpen) {
		b.add(one[0].Statement, d.line(one[0]))
	}
	between := a.between(about, d)
	b.lastWords(about, between)
	for _, side := range []side{ours, theirs} {
		about.whose = side
		promised, err := a.promisesOf(ctx, about)
		if err != nil {
			return nil, err
		}
		if err := a.given(ctx, about, &b, promised); err != nil {
			return nil, err
		}
	}
	decided := slices.DeleteFunc(slices.Clone(between), func(s scored) bool { return !s.Signal.Has(speech.Decided) })
	b.some("Decided: ", about, pickSalient(decided, mostSettled, 1))
	documents := slices.DeleteFunc(between, func(s scored) bool { return !namesDocument(s.Statement) })
	b.some("Document: ", about, latest(documents, mostDocuments))
	met, err := a.lastMet(ctx, about)
	return append(b.lines, met...), err
}

// eventsToPrepare are those of the period that a question is about, else the next
// ones. A holiday is no meeting, unless it is asked for, and what the user does alone
// is one only if there is no other.
func (a *Answerer) eventsToPrepare(ctx context.Context, q question) ([]store.Event, error) {
	from, to := q.period.From, q.period.To
	if q.period.Phrase == "" || from.Before(q.now) {
		from = q.now
	}
	events, err := a.events(ctx, q, from, to)
	if err == nil && len(events) == 0 && (len(q.parties) > 0 || len(q.topic) > 0) { // not then, so whenever it is next
		events, err = a.events(ctx, q, q.now, time.Time{})
	}
	named := len(q.topic) > 0 || len(q.parties) > 0
	events = slices.DeleteFunc(events, func(e store.Event) bool { return cancelled(e) || !named && e.AllDay })
	if i := slices.IndexFunc(events, func(e store.Event) bool { return q.company(e.Attendees) != "" }); !named && i > 0 {
		events = events[i:]
	}
	return events, err
}

// brief collects the lines of a briefing, each statement once.
type brief struct {
	lines []line
	told  []speech.Statement
}

func (b *brief) add(s speech.Statement, l line) {
	again := func(t speech.Statement) bool {
		return t.Source.ID == s.Source.ID && t.Order == s.Order || prose.Alike(t.Text, s.Text)
	}
	if !slices.ContainsFunc(b.told, again) {
		b.told = append(b.told, s)
		b.lines = append(b.lines, l)
	}
}

func (b *brief) some(lead string, q question, all []scored) {
	for _, s := range all {
		b.add(s.Statement, q.quote(s.Statement).led(lead))
	}
}

// lastWords quote what each of the people last wrote, those who wrote last first.
func (b *brief) lastWords(q question, all []scored) {
	said := map[string][]scored{} // by author, of their last message
	var order []string
	for _, s := range slices.Backward(inOrder(all)) {
		who := strings.ToLower(s.Author.Email)
		if !anyIncludes(q.parties, s.Author) {
			continue
		}
		if len(said[who]) == 0 {
			order = append(order, who)
		}
		if len(said[who]) == 0 || said[who][0].Source.ID == s.Source.ID {
			said[who] = append(said[who], s)
		}
	}
	for _, who := range order[:min(len(order), mostGuests)] {
		of := said[who]
		slices.Reverse(of)
		s := of[0]
		if best := pickSalient(slices.Clone(of), 1, 1); len(best) > 0 {
			s = best[0]
		}
		b.add(s.Statement, q.quote(s.Statement).led("Last heard: "))
	}
}

// between is what was written by and to the people of a question.
func (a *Answerer) between(q question, d desk) []scored {
	var all []scored
	for _, id := range d.order {
		for _, m := range d.threads[id] {
			if speech.Machine(m) || !anyIncludes(q.parties, append(slices.Clone(m.Recipients), m.Sender())...) {
				continue
			}
			for _, s := range a.reader.FromMessage(q.me, m) {
				all = append(all, scored{Statement: s, score: salience(s)})
			}
		}
	}
	return all
}

// given adds promises that nothing says were kept.
func (a *Answerer) given(ctx context.Context, q question, b *brief, all []scored) error {
	n := 0
	for _, p := range pickSalient(all, 2*mostGiven, 1) {
		if n == mostGiven {
			break
		}
		kept, err := a.reportsDone(ctx, q, p.Statement)
		if err != nil {
			return err
		}
		if kept {
			continue
		}
		lead := "Promised: "
		if due := q.due(p.Statement); !due.IsZero() {
			lead = "Promised, " + strings.ToLower(q.dueLead(due)[:1]) + q.dueLead(due)[1:]
		}
		b.add(p.Statement, q.quote(p.Statement).led(lead))
		n++
	}
	return nil
}

// latest are the newest statements, one of a source.
func latest(all []scored, most int) []scored {
	var some []scored
	for _, s := range slices.Backward(inOrder(all)) {
		if len(some) < most && !slices.ContainsFunc(some, func(o scored) bool { return o.Source.ID == s.Source.ID }) {
			some = append(some, s)
		}
	}
	return some
}

// namesDocument reports whether a statement speaks of a document.
func namesDocument(s speech.Statement) bool {
	return speech.HasAny(speech.Plain(s.Text), "attached|attachment|enclosed|document|draft|slides|deck|spreadsheet|pdf|order form|price sheet|in the doc|contract|report|letter")
}

// lastMet tells what the last meeting with the people of a question was about.
func (a *Answerer) lastMet(ctx context.Context, q question) ([]line, error) {
	meetings, err := a.meetings(ctx, q, time.Time{}, q.now, 200)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		if anyIncludes(q.parties, m.Attendees...) {
			last := a.minutes(q, m)
			last[0] = last[0].led("Last met: ")
			return last[:min(len(last), mostMinutes)], nil
		}
	}
	return nil, nil
}

// partyOf makes a party of the people whom the user meets.
func partyOf(me speech.Self, people []store.Person) party {
	p := party{addresses: map[string]bool{}, names: map[string]bool{}}
	for _, who := range people {
		if !me.Is(who) && (!me.Ours(who) || len(people) <= 3) {
			p.addresses[strings.ToLower(who.Email)] = true
			if who.Name != "" {
				p.names[strings.ToLower(who.Name)] = true
			}
		}
	}
	return p
}

// touches reports whether a matter is with one of the question's people.
func (q question) touches(m matter, d desk) bool {
	for _, msg := range d.threads[m.Thread] {
		if msg.ID == m.Source.ID {
			return anyIncludes(q.parties, append(msg.Recipients, msg.Sender())...)
		}
	}
	return false
}
