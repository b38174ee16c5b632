package digest

import (
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// actions finds what is to be done and is not done.
func (t talk) actions() []Action {
	var out []Action
	for i, u := range t.said {
		if u.machine {
			continue
		}
		for j, s := range u.said {
			a, ok := t.action(i, j)
			if !ok || s.Machine || t.done(i, j, a.Owner) || takenUp(out, a.Owner, s) {
				continue
			}
			if t.medium != spoken && !a.filed && t.asks(u, j) && t.answered(i, s, assents) { // what was wanted is there
				continue
			}
			if n := len(out) - 1; n >= 0 && t.answers(a, out[n]) {
				out[n] = out[n].taken(a)
				continue
			}
			a.Text = t.inContext(i, a.Statement)
			if t.medium != spoken || !speech.HasAny(own(a.Text), atOnce) {
				out = append(out, a)
			}
		}
	}
	return out
}

// restarts is how often a spoken sentence may be begun anew at the most, so that
// its readers still know what is to be done.
const restarts = 3

// action reads what a sentence gives somebody to do.
func (t talk) action(at, n int) (Action, bool) {
	s := t.said[at].said[n]
	if m := t.said[at].mark(s); m.filed == toDo || m.filed == settled {
		owner, text := t.filedOwner(m)
		if t.medium == minuted {
			s.Text = text
		}
		return Action{Statement: s, Owner: owner, Due: due(s), filed: true, turn: at},
			m.filed == toDo && len(prose.Terms(text)) > 1 && (owner != "" || !m.boxed || t.medium == minuted)
	}
	if t.said[at].foreign {
		return Action{}, false
	}
	owner, ok := t.assigned(at, s)
	if !ok || t.medium == spoken && strings.Count(s.Text, "… ") >= restarts {
		return Action{}, false
	}
	return Action{Statement: s, Owner: owner, Due: due(s), turn: at}, true
}

// answers reports whether an action only takes on the one before: "I'll do that",
// or "I'll send it by Friday" to who was asked to send it.
func (t talk) answers(a, before Action) bool {
	const soon = 3 // turns
	if t.medium == minuted || a.filed || a.turn == before.turn || a.turn > before.turn+soon || a.Owner == "" || a.Owner == name(before.Author) {
		return false
	}
	if before.Owner != "" && before.Owner != a.Owner {
		return false
	}
	if before.Owner == a.Owner && common(before.Text, a.Text) > 0 {
		return true
	}
	for _, u := range t.said[before.turn+1 : a.turn] {
		if slices.ContainsFunc(u.said, func(s speech.Statement) bool { return strings.HasSuffix(s.Text, "?") }) { // that is what is taken on
			return false
		}
	}
	return speech.HasAny(own(a.Text), assentLeads) && len(prose.Terms(a.Text)) < 3
}

// taken is an action that its owner has agreed to.
func (a Action) taken(by Action) Action {
	a.Owner, a.agreed = by.Owner, true
	if a.Due.IsZero() {
		a.Due = by.Due
	}
	return a
}

// due is the day until when something is to be done, as its words say, seen from
// when they were said.
func due(s speech.Statement) time.Time {
	const week, far = 7 * 24 * time.Hour, 366 * 24 * time.Hour // what is further away is no due date
	period, ok := s.Deadline(s.At.Location())
	if !ok {
		period, ok = s.Ahead(s.At.Location())
		ok = ok && period.To.Sub(period.From) <= week
	}
	if !ok || s.At.Year() < 1971 || period.To.IsZero() || period.To.Before(s.At) || period.To.Sub(s.At) > far {
		return time.Time{}
	}
	return period.To.Add(-time.Nanosecond)
}

// inContext is a statement with what it answers, if it says little by itself:
// "I'll take that."
func (t talk) inContext(at int, s speech.Statement) string {
	const few, turns = 3, 3
	if t.said[at].mark(s).filed != unfiled || len(prose.Terms(s.Text)) >= few {
		return s.Text
	}
	n := slices.IndexFunc(t.said[at].said, func(o speech.Statement) bool { return o.Order == s.Order })
	before := texts(t.said[at].said[:max(0, n)])
	if t.medium == spoken || t.medium == minuted { // elsewhere that is another source
		for _, u := range slices.Backward(t.said[max(0, at-turns):at]) {
			before = append(texts(u.said), before...)
		}
	}
	for _, one := range slices.Backward(before) {
		if common(one, one) >= few-1 || strings.HasSuffix(one, "?") {
			return one + " " + s.Text
		}
	}
	return s.Text
}

// takenUp reports whether a statement of an owner's only repeats what they are
// to do already.
func takenUp(known []Action, owner string, s speech.Statement) bool {
	return slices.ContainsFunc(known, func(a Action) bool { return a.Owner == owner && prose.Alike(a.Text, s.Text) })
}

// done reports whether somebody said later that an action is done: its owner or
// whoever wanted it, of the same thing, or as the next they say in a thread.
func (t talk) done(at, n int, owner string) bool {
	if t.medium == minuted { // which were written at once
		return false
	}
	action := t.said[at].said[n]
	action.Text = t.inContext(at, action)
	vague := common(action.Text, action.Text) < 2
	next := true // the owner's next word
	for _, u := range t.said[at+1:] {
		who := name(u.author)
		if owner != "" && who != owner && who != name(action.Author) {
			continue
		}
		for _, s := range u.said {
			if !t.reportsDone(s) {
				continue
			}
			answers := next && who == owner && (t.medium == mail || t.medium == chat)
			if common(s.Text, action.Text) >= 2 || answers && (vague || common(s.Text+" "+s.Before, action.Text) >= 1) {
				return true
			}
		}
		next = next && who != owner
	}
	return false
}

func (t talk) reportsDone(s speech.Statement) bool {
	if s.Signal.Has(speech.Ask) || s.Signal.Has(speech.Promise) || s.Signal.Has(speech.Overdue) {
		return false
	}
	text := speech.Plain(s.Text)
	if speech.HasAny(text, "not|isn't|hasn't|haven't|wasn't|didn't|never|still") {
		return false
	}
	if t.medium == spoken { // which mostly tells how things were
		return speech.HasAny(text, spokenDone)
	}
	return s.Signal.Has(speech.Settled) || speech.HasAny(text, doneWords)
}

// Words are what is to be done, with the day if that is known: whoever reads "by
// Friday" later would have to know when it was said.
func (a Action) Words() string {
	words := speech.Clip(a.Text)
	if !a.Due.IsZero() && !strings.Contains(a.Text, a.Due.Format("Jan")) { // which names the day
		words += a.Due.Format(" (by 2 January 2006)")
	}
	return words
}

// urgency is what an owner, a day and how firmly it was said add to an action's
// weight.
func urgency(a Action) float64 {
	score := 0.0
	text := own(a.Text)
	for _, one := range []struct {
		holds bool
		worth float64
	}{
		{a.filed, 3},
		{a.Owner != "", 1},
		{a.agreed, 1},
		{a.Signal.Has(speech.Promise), 0.5},
		{!a.Due.IsZero(), 1},
		{speech.HasAny(text, laterWords), 1},
		{speech.HasAny(text, hedgeWords), -0.75},
		{broken(a.Text), -0.75},
	} {
		if one.holds {
			score += one.worth
		}
	}
	return score
}

// broken reports whether a sentence was never ended.
func broken(text string) bool {
	return strings.HasSuffix(text, "…") || strings.HasSuffix(text, "-") || strings.HasSuffix(text, ",")
}
