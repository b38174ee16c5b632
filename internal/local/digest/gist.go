package digest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// gist tells a digest in up to three sentences: what the talk began with, what
// it came to, and where it stands.
func gist(talks []talk, w weights, about topic, d Digest) []speech.Statement {
	var out []speech.Statement
	add := func(s speech.Statement, ok bool) {
		same := func(known speech.Statement) bool { return prose.Alike(known.Text, s.Text) }
		if ok && !slices.ContainsFunc(out, same) {
			out = append(out, s)
		}
	}
	most := 3
	switch {
	case len(talks) == 0:
		return nil
	case talks[0].medium == spoken || talks[0].medium == minuted: // and what was written beside it
		most = 2
		add(weightiest(d.Decisions, w))
		add(commitment(d.Actions))
		add(strongest(d.Points, w))
	case len(talks) != 1 || talks[0].medium == channel:
		points := slices.Clone(d.Points)
		slices.SortStableFunc(points, func(a, b speech.Statement) int { return cmp.Compare(w.score(b), w.score(a)) })
		for _, p := range points {
			add(p, true)
		}
	default:
		add(subject(talks[0], w, about))
		add(weightiest(d.Decisions, w))
		add(strongest(d.Points, w))
		add(lastWord(talks[0], w, about))
	}
	if len(out) > most { // the last word is where things stand
		out = append(out[:most-1], out[len(out)-1])
	}
	slices.SortStableFunc(out, inOrder)
	return out
}

// subject is the sentence of a thread's first message that says best what the
// thread is about, by the words of its subject and those that come again.
func subject(t talk, w weights, about topic) (speech.Statement, bool) {
	for _, u := range t.said[:min(len(t.said), 3)] {
		if s, ok := opens(u, w, about); ok {
			return s, true
		}
	}
	return speech.Statement{}, false
}

func opens(u utterance, w weights, about topic) (speech.Statement, bool) {
	var found speech.Statement
	best := 0.0
	for i, s := range u.said {
		if !about.met(s) || !tells(s) && !strings.HasSuffix(s.Text, "?") {
			continue
		}
		score := w.score(s) + 0.3*float64(common(s.Source.Title, s.Text)) + 1/float64(2+i) + 0.3*bearing(s)
		if score > best {
			found, best = s, score
		}
	}
	return found, best > 0
}

// strongest is the statement that stands for most.
func strongest(all []speech.Statement, w weights) (speech.Statement, bool) {
	if len(all) == 0 {
		return speech.Statement{}, false
	}
	return slices.MaxFunc(all, func(a, b speech.Statement) int {
		return cmp.Compare(w.score(a)+0.25*bearing(a), w.score(b)+0.25*bearing(b))
	}), true
}

// commitment is the first action that somebody is to do by a day.
func commitment(all []Action) (speech.Statement, bool) {
	i := slices.IndexFunc(all, func(a Action) bool { return a.Owner != "" && hasDay(a.Statement) })
	if i < 0 {
		return speech.Statement{}, false
	}
	return all[i].Statement, true
}

// weightiest is the decision that stands for most.
func weightiest(all []Decision, w weights) (speech.Statement, bool) {
	var found speech.Statement
	best := 0.0
	for _, d := range all {
		if score := w.score(d.Statement) + 0.3*sureness(d); score >= best {
			found, best = d.Statement, score
		}
	}
	return found, len(all) > 0
}

// lastWord is where a thread stands: what its last message says.
func lastWord(t talk, w weights, about topic) (speech.Statement, bool) {
	for _, u := range slices.Backward(t.said[1:]) {
		if u.machine {
			continue
		}
		if s, ok := opens(u, w, about); ok {
			return s, true
		}
	}
	return speech.Statement{}, false
}
