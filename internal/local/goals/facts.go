package goals

import (
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	recent  = 120 * day // before now: what was said earlier is not read for what is open
	openFor = 45 * day  // what nobody came back to for longer is over
	vague   = 14 * day  // a promise without a date is over after that
)

// fact is a sentence that says something about the goal.
type fact struct {
	speech.Statement
	entry  int       // in the stream
	side   side      // who says it
	toward side      // of whom it wants something, or who is waited for
	due    time.Time // until when; zero when it does not say
	done   bool      // it says that something is done
	open   bool      // nobody has answered, kept or settled it
}

// study is a goal's stream as it was read.
type study struct {
	*stream
	goal   store.Goal
	reader speech.Reader

	said      map[int][]speech.Statement // what of each entry is about the goal
	facts     []fact
	reminders []int // entries by which programs remind
	deadline  deadline
	silence   silence
	move      move
	outcome   outcome
}

// read reads what the stream's sentences do, and what of it is open.
func (c *study) read() {
	for i, e := range c.entries {
		if e.machine {
			if e.focused && c.now.Sub(e.ref.At) <= openFor && c.reader.Text(e.body()).Has(speech.Ask|speech.Awaits|speech.Overdue) {
				c.reminders = append(c.reminders, i)
			}
			continue
		}
		if c.now.Sub(e.ref.At) > recent {
			continue
		}
		c.said[i] = c.statements(e)
		for _, s := range c.said[i] {
			if f, ok := c.fact(s, i); ok {
				c.facts = append(c.facts, f)
			}
		}
	}
	for i := range c.facts {
		c.facts[i].open = c.isOpen(c.facts[i])
	}
}

// statements are the sentences of an entry that are about the goal.
func (c *study) statements(e entry) []speech.Statement {
	var all []speech.Statement
	switch e.ref.Kind {
	case store.KindMessage:
		all = c.reader.FromMessage(c.me, e.message)
	case store.KindMeeting:
		m := e.meeting
		if e.focused {
			m.Transcript = "" // its summary says what mattered
			if m.Summary+m.ShortSummary == "" {
				m.Transcript = e.meeting.Transcript
			}
		}
		all = append(c.reader.FromMeeting(c.me, m), c.reader.FromActionItems(c.me, m)...)
	case store.KindNote:
		all = c.reader.FromNote(e.note)
	case store.KindEvent:
		return nil
	}
	if e.focused {
		return all
	}
	return slices.DeleteFunc(all, func(s speech.Statement) bool { return !c.scope.tells(textOf(s.Text), textOf(s.Before)) })
}

// fact reads a sentence. One that does nothing is none.
func (c *study) fact(s speech.Statement, at int) (fact, bool) {
	if s.Signal == 0 {
		return fact{}, false
	}
	f := fact{Statement: s, entry: at, side: c.sideOf(s, at)}
	f.due, f.done = dueOf(s, c.now), settles(s)
	f.toward = c.toward(f)
	return f, true
}

func (c *study) sideOf(s speech.Statement, at int) side {
	e := c.entries[at]
	switch {
	case e.ref.Kind == store.KindMeeting && s.Mine:
		return us
	case e.ref.Kind == store.KindMeeting:
		return c.parties.of(s.Author)
	}
	return e.side
}

// dueOf is until when a sentence wants or promises something.
func dueOf(s speech.Statement, now time.Time) time.Time {
	period, ok := s.Deadline(now.Location())
	if !ok && s.Signal.Has(speech.Promise|speech.Awaits|speech.Overdue) { // "I will send it tomorrow"
		period, ok = s.Ahead(now.Location())
	}
	if !ok || period.To.IsZero() {
		return time.Time{}
	}
	return period.To.Add(-time.Second)
}

// toward is the side that a sentence wants something of, or waits for.
func (c *study) toward(f fact) side {
	e := c.entries[f.entry]
	if e.ref.Kind != store.KindMessage || !c.parties.part {
		return nobody
	}
	spoken := c.addressed(f, e)
	switch {
	case f.Signal.Has(speech.Blocked):
		return c.waitedFor(f)
	case f.ToMe && spoken != them:
		return us
	case f.side == them && spoken == nobody:
		return c.reached(e)
	case f.side == them:
		return spoken
	case f.Mine && spoken == us: // among colleagues: the user can only wait
		return nobody
	case spoken != nobody:
		return spoken
	case slices.ContainsFunc(e.message.Recipients, func(p store.Person) bool { return c.parties.of(p) == them }):
		return them
	}
	return nobody
}

// waitedFor is the side that a blocker waits for: that of the reader where the
// sentence says "you", else the other one, as nobody writes of being blocked by
// themselves.
func (c *study) waitedFor(f fact) side {
	you := speech.HasAny(speech.Plain(f.Text), "you|your|yours")
	switch {
	case you && f.side == them, you && f.ToMe:
		return us
	case c.parties.two:
		return them
	}
	return nobody
}

// addressed is the side of whom a sentence calls by name at its beginning.
func (c *study) addressed(f fact, e entry) side {
	for _, name := range speech.Addressed(f.Text) {
		for _, p := range e.people {
			if speech.SameName(name, p.Name) && p != e.author {
				return c.parties.of(p)
			}
		}
	}
	return nobody
}

// reached is us when somebody from outside writes to us before others: to us
// alone, to few, or with one of us as the first recipient, as replies on a list
// go to whom they answer.
func (c *study) reached(e entry) side {
	to := e.message.Recipients
	ours := 0
	for _, p := range to {
		if c.parties.of(p) == us {
			ours++
		}
	}
	if ours > 0 && (ours == len(to) || len(to) <= 3 || c.parties.of(to[0]) == us) {
		return us
	}
	return nobody
}

// isOpen reports whether nobody has come back to what a fact wants or promises.
func (c *study) isOpen(f fact) bool {
	if !c.now.Before(f.over()) {
		return false
	}
	switch {
	case f.Signal.Has(speech.Blocked):
		return !c.settled(f, nobody)
	case f.wants():
		return f.toward != nobody && !c.answered(f)
	case f.Signal.Has(speech.Promise):
		return !c.settled(f, f.side) && !c.accepted(f)
	case f.Signal.Has(speech.Risk | speech.Upset | speech.Overdue | speech.Quiet):
		return !c.settled(f, nobody)
	}
	return false
}

// over is when a fact is open no more because nobody came back to it.
func (f fact) over() time.Time {
	switch {
	case f.Signal.Has(speech.Blocked):
		return f.At.Add(progress)
	case f.wants(), !f.due.IsZero():
		return f.At.Add(openFor)
	case f.Signal.Has(speech.Promise):
		return f.At.Add(vague)
	}
	return f.At.Add(progress)
}

// wants reports whether a fact asks for something, or waits for it.
func (f fact) wants() bool { return f.Signal.Has(speech.Ask | speech.Awaits) }

// answered reports whether the side of whom something is wanted wrote later: in
// the same place or, where they were asked, anywhere.
func (c *study) answered(f fact) bool {
	asked := c.entries[f.entry]
	for _, e := range c.entries[f.entry+1:] {
		if e.machine || !e.focused || e.ref.Kind == store.KindNote || e.side != f.toward {
			continue
		}
		if e.ref.Kind == store.KindMeeting { // both sides were there
			if f.toward == them && slices.ContainsFunc(e.people, func(p store.Person) bool { return c.parties.of(p) == us }) {
				return true
			}
			continue
		}
		if e.author.Email == asked.author.Email || asked.side == them && len(e.message.Recipients) > 0 && !c.reachesThem(e) {
			continue // their own addition, or talk among us
		}
		if e.place == asked.place || f.toward == them && slices.ContainsFunc(asked.message.Recipients, func(p store.Person) bool { return p.Email == e.author.Email }) {
			return true
		}
	}
	return false
}

// settled reports whether somebody of a side, or anybody, says later in the same
// place that it is done. Bare thanks settle nothing.
func (c *study) settled(f fact, by side) bool {
	return slices.ContainsFunc(c.facts, func(later fact) bool {
		return later.entry > f.entry && later.done && (by == nobody || later.side == by) &&
			(c.entries[later.entry].place == c.entries[f.entry].place || c.entries[f.entry].ref.Kind == store.KindMeeting && sameMatter(f, later))
	})
}

// sameMatter reports whether two sentences have words in common: nobody can come
// back to a meeting in its own place.
func sameMatter(f, later fact) bool {
	terms := prose.Terms(f.Text)
	return slices.ContainsFunc(prose.Terms(later.Text), func(t string) bool { return slices.Contains(terms, t) })
}

// accepted reports whether they to whom something was promised wrote in the same
// place after it was due, and did not ask for it.
func (c *study) accepted(f fact) bool {
	if f.due.IsZero() {
		return false
	}
	for i, e := range c.entries[f.entry+1:] {
		if e.machine || e.place != c.entries[f.entry].place || e.side != f.side.other() || !e.ref.At.After(f.due) {
			continue
		}
		if !slices.ContainsFunc(c.facts, func(later fact) bool { return later.entry == f.entry+1+i && later.wants() }) {
			return true
		}
	}
	return false
}

// inEnglish reports whether a text can be read by rules for English: the words
// that hold sentences together are there.
func inEnglish(text string) bool {
	words := prose.Words(text)
	small := 0
	for _, w := range words {
		if prose.IsStopWord(w) {
			small++
		}
	}
	return len(words) < 3 || 6*small >= len(words)
}

// body is what an entry says in its own words.
func (e entry) body() string {
	switch e.ref.Kind {
	case store.KindMessage:
		return e.message.BodyText
	case store.KindNote:
		return e.note.Body
	case store.KindMeeting:
		return strings.TrimSpace(e.meeting.ShortSummary + "\n" + e.meeting.Summary)
	case store.KindEvent:
	}
	return e.title
}
