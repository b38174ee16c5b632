package digest

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// decides reports whether a sentence states a decision.
func (t talk) decides(s speech.Statement) bool {
	if s.Machine || s.Signal.Has(speech.Ask) || strings.HasSuffix(s.Text, "?") {
		return false
	}
	label, _, labelled := strings.Cut(strings.ToLower(s.Text), ":")
	if labelled && oneOf(label, "decision|decided|resolution|resolved|agreed") {
		return true
	}
	text := own(s.Text)
	if speech.HasAny(text, undecidedWords) || t.medium == spoken && speech.HasAny(text, closingWords) || strings.HasPrefix(text, " if ") || strings.HasPrefix(text, " when ") {
		return false
	}
	words := decidedWords
	if t.medium == spoken {
		words = spokenWords
	}
	return speech.HasAny(text, words) || speech.HasAny(text, movedWords) && (hasDay(s) || strings.Contains(text, " we ") || strings.Contains(text, " our ") || strings.Contains(text, " my "))
}

// weaklyDecides reports whether a sentence is a decision if it takes one back.
func (t talk) weaklyDecides(s speech.Statement) bool {
	text := own(s.Text)
	return t.medium != spoken && !s.Machine && !s.Signal.Has(speech.Ask) && speech.HasAny(text, weakWords) && !speech.HasAny(text, undecidedWords)
}

// decisions finds those of a talk. "Let's do that" comes with what that is.
func (t talk) decisions() []Decision {
	const few = 4
	var out []Decision
	for _, u := range t.said {
		corrects := slices.ContainsFunc(u.said, func(s speech.Statement) bool {
			return speech.HasAny(own(s.Text), "replaces my|replaces the|correction")
		})
		for _, s := range u.said {
			weak := !t.decides(s)
			if weak && !t.weaklyDecides(s) {
				continue
			}
			switch {
			case strings.HasSuffix(s.Text, ":") && s.After != "":
				s.Text += " " + s.After
			case len(prose.Terms(s.Text)) < few && s.Before != "":
				s.Text = s.Before + " " + s.Text
			}
			if len(prose.Terms(s.Text)) >= 2 {
				out = append(out, Decision{Statement: s, weak: weak && !corrects})
			}
		}
	}
	return out
}

// supersede puts decisions that a later one took back below that one.
func supersede(all []Decision) []Decision {
	slices.SortStableFunc(all, func(a, b Decision) int { return inOrder(a.Statement, b.Statement) })
	var standing []Decision
	for _, d := range all {
		standing = slices.DeleteFunc(standing, func(e Decision) bool {
			if !undoes(d.Statement, e.Statement) {
				return false
			}
			d.Instead = append(append(d.Instead, e.Instead...), e.Statement)
			return true
		})
		if !d.weak || len(d.Instead) > 0 {
			standing = append(standing, d)
		}
	}
	return standing
}

// undoes reports whether a statement takes an earlier one back: it undoes
// something, and says of what in the words of the other.
func undoes(s, earlier speech.Statement) bool {
	const enough = 0.4
	shared, short := common(earlier.Text, s.Text), min(len(prose.Terms(earlier.Text)), len(prose.Terms(s.Text)))
	return earlier.Source.ID != s.Source.ID && shared >= 2 && float64(shared) >= enough*float64(short) && speech.HasAny(own(s.Text), undoneWords)
}

// common counts the words of meaning that two texts share.
func common(a, b string) int {
	in, n := prose.Stems(a), 0
	for _, term := range prose.Terms(b) {
		if in[term] && !chatter(term) {
			n++
		}
	}
	return n
}

// sureness is what the words of a decision add to its weight.
func sureness(d Decision) float64 {
	score := 1.0
	if len(d.Instead) > 0 {
		score += 2
	}
	if d.Signal.Has(speech.Decided) {
		score++
	}
	return score
}
