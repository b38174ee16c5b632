package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// mostMatters is how much attention there is.
const mostMatters = 7

// attention lists what is open and matters most.
func (a *Answerer) attention(ctx context.Context, q question) ([]line, error) {
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	only := q.intent.reasons()
	all := slices.DeleteFunc(a.matters(d), func(m matter) bool {
		return m.score < weak || !q.concerns(m.Statement) || len(only) > 0 && !slices.Contains(only, m.reason)
	})
	var lines []line
	for _, b := range bundle(all, mostMatters) {
		lines = append(lines, d.line(b[0]))
		for _, more := range b[1:] { // one thing that says more about the same
			if more.reason != b[0].reason && more.Source.ID != b[0].Source.ID {
				lines[len(lines)-1] = append(lines[len(lines)-1], q.quote(more.Statement)...)
				break
			}
		}
	}
	return lines, nil
}

// openQuestions lists what others wait for the user to answer.
func (a *Answerer) openQuestions(ctx context.Context, q question) ([]line, error) {
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(a.matters(d), func(m matter) bool {
		return m.reason != waitsForMe || !q.inPeriod(m.At) || !q.concerns(m.Statement)
	})
	return d.first(bundle(all, 2*mostMatters)), nil
}

// openTasks lists what the user has to do: the action items of meetings, what
// they promised and what others wait for.
func (a *Answerer) openTasks(ctx context.Context, q question) ([]line, error) {
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(a.matters(d), func(m matter) bool {
		return m.reason != waitsForMe && m.reason != promisedByMe || m.score < weak || !q.inPeriod(m.At) || !q.concerns(m.Statement)
	})
	lines := d.first(bundle(all, mostMatters))
	from := d.from
	if q.period.Phrase != "" {
		from = q.period.From
	}
	meetings, err := a.meetings(ctx, q, from, d.at.Add(time.Millisecond), 50)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		for _, item := range m.ActionItems {
			mine := item.Assignee != "" && (strings.EqualFold(item.Assignee, q.me.NameAmong(m.Attendees)) || q.me.Is(store.Person{Email: item.Assignee}))
			if !mine || len(lines) >= 2*mostMatters || !q.concerns(speech.Statement{Text: item.Description, Context: m.Title}) {
				continue
			}
			src := speech.Source{Kind: store.KindMeeting, ID: m.ID, Title: m.Title, Snippet: speech.Clip(item.Description)}
			lines = append(lines, line{{fmt.Sprintf("Action item from %q on %s: %s", m.Title, q.on(m.StartAt), speech.Clip(item.Description)), src}})
		}
	}
	return lines, nil
}

// first writes the strongest of each bundle.
func (d desk) first(bundles [][]matter) []line {
	var lines []line
	for _, b := range bundles {
		lines = append(lines, d.line(b[0]))
	}
	return lines
}

// concerns reports whether a statement is about the topic and people of the
// question; a question without any is about everything.
func (q question) concerns(s speech.Statement) bool {
	has := prose.Stems(s.Text + " " + s.Context)
	for _, p := range q.parties {
		if !p.includes(s.Author) && !p.mentioned(s.Text+" "+s.Context) && (p.company == "" || !has[prose.Stem(p.company)]) {
			return false
		}
	}
	for _, t := range q.topic {
		if has[t] {
			return true
		}
	}
	return len(q.topic) == 0
}

// line writes a matter: why it is one, who said what and when.
func (d desk) line(m matter) line {
	q := d.q
	due := ""
	if !m.due.IsZero() {
		due = d.dueText(m.due)
	}
	why := ""
	switch m.reason {
	case waitsForMe:
		why = "Waiting for you" + due
	case promisedByMe:
		why = "Your promise" + due
	case promisedToMe:
		why = "Promised to you" + due
	case isBlocked:
		why = "Blocked"
	case isLate:
		why = "Late"
	case isRisk:
		why = "At risk"
	case isSilent:
		why = "Gone quiet"
		if m.Mine {
			why = fmt.Sprintf("No answer for %d days", int(d.at.Sub(m.At).Hours()/24))
		}
	case nothing:
	}
	return q.quote(m.Statement).led(why + ": ")
}

func (d desk) dueText(due time.Time) string {
	if due.Before(d.at) {
		return ", was due " + d.q.on(due)
	}
	return ", due " + d.q.on(due)
}

// promised lists promises in a period. Whether they were kept is for the reader
// to see.
func (a *Answerer) promised(ctx context.Context, q question) ([]line, error) {
	if q.period.Phrase == "" {
		q.period.From = q.now.Add(-openFor)
	}
	from, to := q.period.From, q.period.To
	if to.IsZero() || to.After(q.now) {
		to = q.now.Add(time.Millisecond)
	}
	messages, err := a.messages(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	meetings, err := a.meetings(ctx, q, from, to, 50)
	if err != nil {
		return nil, err
	}
	var found []scored
	add := func(s speech.Statement) {
		if s.Machine || !s.Signal.Has(speech.Promise) || !q.from(s) || !q.concerns(s) {
			return
		}
		score := salience(s)
		if _, ok := when.FindAhead(s.Text, s.At.In(q.now.Location())); ok {
			score += 2
		}
		found = append(found, scored{s, score})
	}
	for _, m := range messages {
		for _, s := range a.reader.FromMessage(q.me, m) {
			add(s)
		}
	}
	for _, m := range meetings {
		for _, s := range a.reader.FromMeeting(q.me, m) {
			if s.Author.Name != "" {
				add(s)
			}
		}
	}
	return q.quoteAll(inOrder(pickSalient(found, 2*mostLines-2, 2))), nil
}

// from reports whether a statement is of the side whose promises are wanted.
func (q question) from(s speech.Statement) bool {
	fromUs := s.Mine || q.me.Ours(s.Author) && s.Author.Email != ""
	switch q.whose {
	case mine:
		return s.Mine
	case theirs:
		return !fromUs
	default:
		return fromUs
	}
}

// briefing tells what to know before an event: the event, what is open with its
// people, and what their last meeting was about.
func (a *Answerer) briefing(ctx context.Context, q question) ([]line, error) {
	from, to := q.period.From, q.period.To
	if q.period.Phrase == "" || from.Before(q.now) {
		from = q.now
	}
	events, err := a.events(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	var lines []line
	about := q
	if len(events) == 0 && len(q.parties) > 0 { // not then, so whenever it is next
		if events, err = a.events(ctx, q, q.now, time.Time{}); err != nil {
			return nil, err
		}
	}
	if len(q.topic) == 0 && len(q.parties) == 0 { // a holiday is no meeting, unless it is asked for
		events = slices.DeleteFunc(events, func(e store.Event) bool { return e.AllDay })
	}
	if len(events) > 0 {
		e := events[0]
		lines = append(lines, q.event(e))
		about.parties = append(about.parties, partyOf(q.me, e.Attendees))
	}
	if len(about.parties) == 0 {
		return nil, nil
	}
	about.topic, about.period.Phrase, about.period.From, about.period.To = nil, "", time.Time{}, time.Time{}
	d, err := a.desk(ctx, about)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(a.matters(d), func(m matter) bool { return m.score < 0 || !about.touches(m, d) })
	lines = append(lines, d.first(bundle(all, 4))...)
	meetings, err := a.meetings(ctx, about, time.Time{}, q.now, 200)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		if anyIncludes(about.parties, m.Attendees...) {
			last := a.minutes(q, m)
			last[0] = last[0].led("Last met: ")
			return append(lines, last[:min(len(last), 4)]...), nil
		}
	}
	return lines, nil
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
			return anyIncludes(q.parties, append(msg.Recipients, speech.Sender(msg))...)
		}
	}
	return false
}
