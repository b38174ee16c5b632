package answer

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

const (
	day = 24 * time.Hour

	openFor    = 30 * day // what nobody came back to for longer is over
	silentFrom = 4 * day  // the days people need to answer
	maxSent    = 500      // of the user's messages that tell whom they know
)

// matter is something open: what it rests on, and why it matters.
type matter struct {
	statement
	reason reason
	due    time.Time // zero when nobody said
	labels []string  // the companies it is about
	score  float64

	outside bool // somebody who is not of the user's company is in it
}

type reason int

const (
	waitsForMe reason = iota
	promisedByMe
	promisedToMe
	isBlocked
	isLate
	isSilent
	isRisk
)

// desk is what lies in front of the user at a time.
type desk struct {
	q        question
	at       time.Time // the end of what is known
	from     time.Time // what is older is over
	threads  map[string][]store.Message
	order    []string // thread ids, by their first message
	lastFrom map[string]time.Time
	labels   map[string]bool            // the companies that write
	inThread map[string]map[string]bool // labels by thread, as far as they were asked for

	writtenTo map[string]bool // by the user, and lately by colleagues; empty where nothing sent is known
}

// desk loads what lies before the user: the messages of the last weeks, by thread, and whom the
// user knows.
func (a *Answerer) desk(ctx context.Context, q question) (desk, error) {
	d := desk{
		q: q, at: q.now, threads: map[string][]store.Message{}, lastFrom: map[string]time.Time{},
		labels: map[string]bool{}, inThread: map[string]map[string]bool{}, writtenTo: map[string]bool{},
	}
	if !q.period.To.IsZero() && q.period.To.Before(q.now) {
		d.at = q.period.To
	}
	d.from = d.at.Add(-openFor)
	messages, err := a.messages(ctx, q, d.from, d.at.Add(time.Millisecond))
	if err != nil {
		return d, err
	}
	var sent []store.Message
	for address := range q.me.addresses {
		mine, err := a.store.Messages(ctx, q.user.ID, store.MessageFilter{SenderEmail: address, To: d.at, Limit: maxSent})
		if err != nil {
			return d, err
		}
		sent = append(sent, mine...)
	}
	for _, m := range append(sent, messages...) {
		for _, r := range m.Recipients {
			if q.me.ours(personOf(m)) {
				d.writtenTo[r.Email] = true
			}
		}
	}
	for _, m := range messages {
		if _, ok := d.threads[m.ThreadID]; !ok {
			d.order = append(d.order, m.ThreadID)
		}
		d.threads[m.ThreadID] = append(d.threads[m.ThreadID], m)
		d.lastFrom[m.SenderEmail] = m.SentAt
		if label := company(m.SenderEmail); label != "" && !q.me.companies[label] && !machine(m) {
			d.labels[label] = true
		}
	}
	return d, nil
}

// matters finds everything open.
func (a *Answerer) matters(d desk) []matter {
	var out []matter
	for _, id := range d.order {
		thread := d.threads[id]
		for i, m := range thread {
			if machine(m) {
				continue
			}
			later := thread[i+1:]
			for _, s := range a.fromMessage(d.q.me, m) {
				if mt, ok := a.judge(d, s, m, later); ok {
					mt.labels = d.about(s, m)
					out = append(out, mt)
				}
			}
		}
	}
	return out
}

// judge decides whether a sentence is something open, and how much it matters.
func (a *Answerer) judge(d desk, s statement, m store.Message, later []store.Message) (matter, bool) {
	mt := matter{statement: s, outside: slices.ContainsFunc(append(m.Recipients, personOf(m)), func(p store.Person) bool {
		return !d.q.me.ours(p)
	})}
	said := s.at.In(d.q.now.Location())
	due, ok := when.FindDeadline(s.text, said)
	if !ok && s.signal.has(promise|awaits|overdue) { // "I will send it tomorrow"
		due, ok = when.FindAhead(s.text, said)
	}
	if ok {
		mt.due = due.To.Add(-time.Second)
	}
	reply := answered(d.q.me, s, m, later)
	switch {
	case s.mine && s.signal.has(promise) && !mt.due.IsZero() && !a.kept(d.q.me, later):
		mt.reason, mt.score = promisedByMe, 3
	case s.mine && s.signal.has(ask) && len(later) == 0 && d.silent(s, m):
		mt.reason, mt.score = isSilent, 3
	case s.toMe && s.signal.has(ask|awaits) && !reply:
		mt.reason, mt.score = waitsForMe, 3
		if !s.signal.has(ask) {
			mt.score -= 0.5
		}
	case a.over(later):
		return mt, false
	case s.signal.has(blocked):
		mt.reason, mt.score = isBlocked, 2.5
	case s.signal.has(overdue) && !s.mine:
		mt.reason, mt.score = isLate, 2
	case s.signal.has(quiet) && !s.mine:
		mt.reason, mt.score = isSilent, 2
	case s.signal.has(risk) && !s.mine && !d.q.me.ours(s.author):
		mt.reason, mt.score = isRisk, 2.5
	case s.signal.has(promise) && !s.mine && !mt.due.IsZero() && mt.due.Before(d.at) && !d.q.me.ours(s.author):
		mt.reason, mt.score = promisedToMe, 2
	default:
		return mt, false
	}
	mt.score += d.urgency(mt)
	if mt.reason == waitsForMe && d.stranger(m) { // they may wait, but need no attention
		mt.score = min(mt.score, weak/2)
	}
	return mt, mt.score > 0
}

// urgency is what time adds to a matter: what is due soon, and what is new.
func (d desk) urgency(mt matter) float64 {
	score := 0.0
	if !mt.due.IsZero() {
		switch left := mt.due.Sub(d.at); {
		case mt.reason == isSilent: // when it was due says nothing about when it will be
		case left < -7*day:
			score -= 2 // nobody came back to it
		case left < 4*day: // a weekend may lie between
			score += 1.5
		case left < 8*day:
			score += 0.75
		}
	}
	age := d.at.Sub(mt.at)
	switch {
	case d.q.period.Phrase != "" && d.q.period.Contains(mt.at):
		score += 0.75
	case age > 10*day && mt.due.Before(d.at) && mt.reason != isSilent:
		score -= 1.5
	}
	if mt.reason == isSilent && mt.mine {
		score += min(age, 14*day).Hours() / (14 * day).Hours() // the longer the worse
	} else {
		score -= 0.05 * age.Hours() / 24
	}
	if mt.outside {
		score += 0.5 // customers are not met at the coffee machine
	}
	return score
}

// answered reports whether somebody who was asked wrote later in the thread:
// the user, or another recipient where the user was not asked by name.
func answered(me self, s statement, m store.Message, later []store.Message) bool {
	return slices.ContainsFunc(later, func(l store.Message) bool {
		if me.is(personOf(l)) {
			return true
		}
		return !s.byName && l.SenderEmail != m.SenderEmail && slices.ContainsFunc(m.Recipients, func(r store.Person) bool {
			return r.Email != "" && r.Email == l.SenderEmail
		})
	})
}

// stranger reports whether a message comes from outside, from somebody to whom
// the user's side has not written.
func (d desk) stranger(m store.Message) bool {
	return len(d.writtenTo) > 0 && !d.q.me.ours(personOf(m)) && !d.writtenTo[m.SenderEmail]
}

// kept reports whether a promise of the user's was kept later in the thread, by
// them or their colleagues.
func (a *Answerer) kept(me self, later []store.Message) bool {
	return slices.ContainsFunc(later, func(m store.Message) bool {
		return me.ours(personOf(m)) && a.signals.read(m.BodyText).has(settled)
	})
}

// over reports whether the thread ends with something done.
func (a *Answerer) over(later []store.Message) bool {
	return len(later) > 0 && a.signals.read(later[len(later)-1].BodyText).has(settled)
}

// silent reports whether a message of the user's to somebody outside has had no
// answer from any of them for days, in this thread or another.
func (d desk) silent(s statement, m store.Message) bool {
	outside := false
	for _, r := range m.Recipients {
		if d.q.me.ours(r) {
			continue
		}
		outside = true
		if d.lastFrom[r.Email].After(m.SentAt) {
			return false
		}
	}
	return outside && d.at.Sub(s.at) >= silentFrom
}

// about names the companies that a statement is about: that of the people
// outside if it is one, else those that its subject and words, its message or its
// thread name.
func (d desk) about(s statement, m store.Message) []string {
	found := map[string]bool{}
	for _, p := range append(m.Recipients, personOf(m)) {
		if label := company(p.Email); d.labels[label] {
			found[label] = true
		}
	}
	for _, text := range []string{m.Subject + " " + s.text, m.BodyText} {
		if len(found) != 1 {
			found = d.named(text)
		}
	}
	if len(found) != 1 {
		found = d.ofThread(m.ThreadID)
	}
	var labels []string
	for l := range found {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	return labels
}

// named are the companies that a text names.
func (d desk) named(text string) map[string]bool {
	found := map[string]bool{}
	for _, w := range prose.Words(text) {
		if d.labels[w] {
			found[w] = true
		}
	}
	return found
}

// ofThread are the companies that a thread names anywhere.
func (d desk) ofThread(id string) map[string]bool {
	known, ok := d.inThread[id]
	if !ok {
		known = map[string]bool{}
		for _, m := range d.threads[id] {
			maps.Copy(known, d.named(m.BodyText))
		}
		d.inThread[id] = known
	}
	return known
}

// bundle puts what belongs together into one matter, the strongest first, and
// returns the best.
func bundle(all []matter, most int) [][]matter {
	slices.SortStableFunc(all, func(x, y matter) int {
		return cmp.Or(cmp.Compare(y.score, x.score), y.at.Compare(x.at), cmp.Compare(x.source.id, y.source.id), cmp.Compare(x.order, y.order))
	})
	var bundles [][]matter
	of := map[string]int{} // by thread, or by company
	for _, m := range all {
		at, known := of[m.thread]
		if !known && len(m.labels) == 1 {
			at, known = of["@"+m.labels[0]]
		}
		if !known {
			at = len(bundles)
			bundles = append(bundles, nil)
		}
		of[m.thread] = at
		if len(m.labels) == 1 {
			of["@"+m.labels[0]] = at
		}
		bundles[at] = append(bundles[at], m)
	}
	return bundles[:min(most, len(bundles))]
}
