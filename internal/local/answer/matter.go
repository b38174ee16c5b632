package answer

import (
	"cmp"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// matter is something open: what says so, and why it matters.
type matter struct {
	speech.Statement
	reason   reason
	due      time.Time // zero when nobody said
	outside  bool      // somebody who is not of the user's company is in it
	labels   []string  // the companies it is about
	stranger bool      // it comes from somebody to whom the user's side never wrote
	score    float64
}

type reason int

const (
	nothing reason = iota
	waitsForMe
	promisedByMe
	promisedToMe
	isBlocked
	isLate
	isSilent
	isRisk
)

// weight is how much a matter counts for what it is. What the user alone can
// move comes first.
func (m matter) weight() float64 {
	switch m.reason {
	case waitsForMe:
		if m.Signal.Has(speech.Ask) {
			return 3
		}
		return 2.5 // somebody only waits
	case promisedByMe:
		return 3
	case isSilent:
		if m.Mine {
			return 3 // the user's own question
		}
		return 2 // somebody says so
	case isBlocked, isRisk:
		return 2.5
	default:
		return 2
	}
}

// weak is the score below which a matter is not worth the attention of somebody
// who asks what is.
const weak = 1.5

// urgency is what time and people add: what is due soon, what is new, and what
// involves somebody outside.
func (d desk) urgency(m matter) float64 {
	score := d.pressure(m)
	age := d.at.Sub(m.At)
	switch {
	case d.q.period.Phrase != "" && d.q.period.Contains(m.At):
		score += 0.75
	case age > 10*day && m.due.Before(d.at) && m.reason != isSilent:
		score -= 1.5 // old, and nothing to come
	}
	if m.reason == isSilent && m.Mine {
		score += min(age, 14*day).Hours() / (14 * day).Hours() // the longer the worse
	} else {
		score -= 0.05 * age.Hours() / day.Hours()
	}
	if m.outside {
		score += 0.5 // customers are not met at the coffee machine
	}
	return score
}

// pressure is what a deadline adds.
func (d desk) pressure(m matter) float64 {
	if m.due.IsZero() || m.reason == isSilent { // when an answer was due says nothing about when it comes
		return 0
	}
	switch left := m.due.Sub(d.at); {
	case left < -7*day:
		return -2 // nobody came back to it
	case left < 4*day: // a weekend may lie between
		return 1.5
	case left < 8*day:
		return 0.75
	}
	return 0
}

// silentFrom is how long people may take to answer.
const silentFrom = 4 * day

// setting is where a statement stands: its message, and what came after.
type setting struct {
	message store.Message
	later   []store.Message
	kept    bool // the user's side says later that something is done
	over    bool // the thread ends with something done
}

// matters finds everything open.
func (a *Answerer) matters(d desk) []matter {
	var out []matter
	for _, id := range d.order {
		thread := d.threads[id]
		for i, where := range a.settings(d.q.me, thread) {
			if speech.Machine(thread[i]) {
				continue
			}
			for _, s := range a.reader.FromMessage(d.q.me, thread[i]) {
				if s.Signal == 0 { // it only informs
					continue
				}
				m := d.judge(s, where)
				if m.reason != nothing && m.score > 0 {
					m.labels = d.about(s, thread[i])
					out = append(out, m)
				}
			}
		}
	}
	return out
}

func (a *Answerer) settings(me speech.Self, thread []store.Message) []setting {
	out := make([]setting, len(thread))
	last := len(thread) - 1
	kept, over := false, false
	for i := last; i >= 0; i-- {
		out[i] = setting{message: thread[i], later: thread[i+1:], kept: kept, over: over && i < last}
		ours := me.Ours(thread[i].Sender())
		if i < last && (kept || !ours) { // to read it would change nothing
			continue
		}
		done := a.reader.Text(thread[i].BodyText).Has(speech.Settled)
		kept = kept || done && ours
		if i == last {
			over = done
		}
	}
	return out
}

// judge decides why a sentence is something open, if it is, and how much it
// matters.
func (d desk) judge(s speech.Statement, in setting) matter {
	people := slices.Concat(in.message.Recipients, []store.Person{in.message.Sender()})
	m := matter{
		Statement: s, due: d.q.due(s),
		outside: slices.ContainsFunc(people, func(p store.Person) bool { return !d.q.me.Ours(p) }),
	}
	m.reason = d.why(m, in)
	m.stranger = d.stranger(in.message)
	m.score = m.weight() + d.urgency(m)
	if m.reason == waitsForMe && m.stranger { // they may wait, but need no attention
		m.score = min(m.score, weak/2)
	}
	return m
}

// due is until when a statement wants or promises something; zero if it says
// nothing of it.
func (q question) due(s speech.Statement) time.Time {
	period, ok := s.Deadline(q.now.Location())
	if !ok && s.Signal.Has(speech.Promise|speech.Awaits|speech.Overdue) { // "I will send it tomorrow"
		period, ok = s.Ahead(q.now.Location())
	}
	if !ok {
		return time.Time{}
	}
	return period.To.Add(-time.Second)
}

func (d desk) why(m matter, in setting) reason {
	me := d.q.me
	switch {
	case m.Mine && m.Signal.Has(speech.Promise) && !m.due.IsZero() && !in.kept:
		return promisedByMe
	case m.Mine && m.Signal.Has(speech.Ask) && len(in.later) == 0 && d.silent(m.Statement, in.message):
		return isSilent
	case m.ToMe && m.Signal.Has(speech.Ask|speech.Awaits) && !answered(me, m.Statement, in):
		return waitsForMe
	case in.over:
		return nothing
	case m.Signal.Has(speech.Blocked):
		return isBlocked
	case m.Mine:
		return nothing
	case m.Signal.Has(speech.Overdue):
		return isLate
	case m.Signal.Has(speech.Quiet):
		return isSilent
	case me.Ours(m.Author):
		return nothing
	case m.Signal.Has(speech.Risk):
		return isRisk
	case m.Signal.Has(speech.Promise) && !m.Signal.Has(speech.Ask) && !m.due.IsZero() && m.due.Before(d.at):
		return promisedToMe
	}
	return nothing
}

// answered reports whether somebody who was asked wrote later in the thread:
// the user, or another recipient where the user was not asked by name.
func answered(me speech.Self, s speech.Statement, in setting) bool {
	return slices.ContainsFunc(in.later, func(l store.Message) bool {
		if me.Is(l.Sender()) {
			return true
		}
		return !s.ByName && l.SenderEmail != in.message.SenderEmail && slices.ContainsFunc(in.message.Recipients, func(r store.Person) bool {
			return r.Email != "" && r.Email == l.SenderEmail
		})
	})
}

// silent reports whether a message of the user's to somebody outside has had no
// answer from any of them for days, in this thread or another.
func (d desk) silent(s speech.Statement, m store.Message) bool {
	outside := false
	for _, r := range m.Recipients {
		if d.q.me.Ours(r) {
			continue
		}
		outside = true
		if d.lastFrom[r.Email].After(m.SentAt) {
			return false
		}
	}
	return outside && d.at.Sub(s.At) >= silentFrom
}

// bundle puts what belongs together into one matter, the strongest first, and
// returns the best.
func bundle(all []matter, most int) [][]matter {
	slices.SortStableFunc(all, func(x, y matter) int {
		return cmp.Or(cmp.Compare(y.score, x.score), y.At.Compare(x.At), cmp.Compare(x.Source.ID, y.Source.ID), cmp.Compare(x.Order, y.Order))
	})
	var bundles [][]matter
	of := map[string]int{} // by thread, or by company
	said := map[store.Saying]bool{}
	for _, m := range all {
		if said[sayingOf(m.Statement)] {
			continue
		}
		said[sayingOf(m.Statement)] = true
		at, known := of[m.Thread]
		if !known && len(m.labels) == 1 {
			at, known = of["@"+m.labels[0]]
		}
		if !known {
			at = len(bundles)
			bundles = append(bundles, nil)
		}
		of[m.Thread] = at
		if len(m.labels) == 1 {
			of["@"+m.labels[0]] = at
		}
		bundles[at] = append(bundles[at], m)
	}
	return bundles[:min(most, len(bundles))]
}
