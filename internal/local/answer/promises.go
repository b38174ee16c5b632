package answer

import (
	"context"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// mostPromises is how many a list has.
const mostPromises = 2*mostLines - 2

// promised lists promises of a period in the order in which they were made: until
// when, and what was said later of having kept one. Whether the others were kept is
// for the reader to see.
func (a *Answerer) promised(ctx context.Context, q question) ([]line, error) {
	found, err := a.promisesOf(ctx, q)
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, p := range inOrder(pickSalient(found, mostPromises, 2)) {
		l := q.quote(p.Statement)
		if due := q.due(p.Statement); !due.IsZero() {
			l = l.led(q.dueLead(due))
		}
		kept, err := a.settledBy(ctx, q, p.Statement)
		if err != nil {
			return nil, err
		}
		if kept != nil && q.sameSide(*kept, p.Statement) {
			l = append(l, q.quote(*kept).led("Later: ")...)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// sameSide reports whether two statements are both of the user's side, or both of
// others of one company.
func (q question) sameSide(x, y speech.Statement) bool {
	ours := q.me.Ours(x.Author) || x.Mine
	if ours || q.me.Ours(y.Author) || y.Mine {
		return ours == (q.me.Ours(y.Author) || y.Mine)
	}
	return x.Author == y.Author || speech.Company(x.Author.Email) == speech.Company(y.Author.Email)
}

// dueLead says until when.
func (q question) dueLead(due time.Time) string {
	if due.Before(q.now) {
		return "Was due " + q.on(due) + ": "
	}
	return "Due " + q.on(due) + ": "
}

// promisesOf finds promises of the side that a question asks about, and says how
// much each matters.
func (a *Answerer) promisesOf(ctx context.Context, q question) ([]scored, error) {
	from, to := q.span(openFor)
	messages, err := a.messages(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	meetings, err := a.meetings(ctx, q, from, to, 50)
	if err != nil {
		return nil, err
	}
	var found []scored
	add := func(s speech.Statement, around string, present []store.Person) {
		if s.Machine || !s.Signal.Has(speech.Promise) || !q.from(s) || !q.promisedTo(s, around, present) {
			return
		}
		score := salience(s)
		if !q.due(s).IsZero() {
			score += 2
		}
		if len(prose.Terms(s.Text)) <= 2 { // "I'll do that."
			score--
		}
		found = append(found, scored{Statement: s, score: score})
	}
	for _, m := range messages {
		for _, s := range a.reader.FromMessage(q.me, m) {
			add(s, wholeIfShort(m), append(slices.Clone(m.Recipients), m.Sender()))
		}
	}
	for _, m := range meetings {
		for _, s := range a.reader.FromMeeting(q.me, m) {
			if s.Author.Name != "" {
				add(s, s.Text, m.Attendees)
			}
		}
	}
	return found, nil
}

// promisedTo reports whether a promise is about the topic, and to or of the companies
// and one of the people whom a question names: whom its words or what is around them
// name, a company where one of its people is present, a person where few are.
func (q question) promisedTo(s speech.Statement, around string, present []store.Person) bool {
	if q.whose == theirs && slices.ContainsFunc(q.authors, party.isPerson) && !anyIncludes(q.authors, s.Author) {
		return false // who is named in somebody's promise did not give it
	}
	has := prose.Stems(around + " " + s.Text + " " + s.Source.Title)
	people, one := 0, false
	for _, p := range q.parties {
		there := q.hears(p, s, present)
		if q.whose == theirs { // who promised is not who sat there
			there = p.includes(s.Author) || len(q.authors) == 0 && there
		}
		there = there || p.mentioned(around+" "+s.Text) || p.company != "" && has[prose.Stem(p.company)]
		switch {
		case p.company == "":
			people++
			one = one || there
		case !there:
			return false
		}
	}
	if people > 0 && !one {
		return false
	}
	return 2*(q.wordsAmong(has)|q.wordsIn(s.Context)).count() >= len(q.topic)
}

// hears reports whether somebody is spoken to: present, of a company or among few,
// of all or of those outside, and not where somebody else is called by name.
func (q question) hears(p party, s speech.Statement, present []store.Person) bool {
	const few = 3
	if !anyIncludes([]party{p}, present...) {
		return false
	}
	called := speech.Addressed(s.Text)
	if len(called) > 0 && p.company == "" && !slices.ContainsFunc(called, p.isCalled) {
		return false
	}
	outside := 0
	for _, who := range present {
		if !q.me.Ours(who) {
			outside++
		}
	}
	ours := slices.ContainsFunc(present, func(who store.Person) bool { return q.me.Ours(who) && p.includes(who) })
	return p.company != "" || len(present) <= few || !ours && outside <= few
}

// wholeIfShort is a message that is about one thing, else nothing.
func wholeIfShort(m store.Message) string {
	const short = 400 // bytes
	if len(m.BodyText) > short {
		return ""
	}
	return m.BodyText
}

// from reports whether a statement is of the side whose promises are wanted.
func (q question) from(s speech.Statement) bool {
	fromUs := s.Mine || q.me.Ours(s.Author) && s.Author.Email != ""
	switch q.whose {
	case mine:
		return s.Mine
	case theirs:
		return !fromUs || len(q.authors) > 0 && anyIncludes(q.authors, s.Author) // also a colleague's
	default:
		return fromUs
	}
}
