package digest

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// The words of a decision that was made, and those of one that was not, as
// speech.Plain has them.
const (
	decidedWords = "we decided|we've decided|we have decided|been decided|was decided|were decided|it's decided|is decided|decided not to|decision is|decision was|final decision" +
		"|we agreed|we've agreed|we have agreed|we agree that|we all agree|all agreed|everyone agreed|everybody agreed|everyone agrees|it was agreed|is agreed|agreement is|we'll go with|we will go with|let's go with|i'd go with|i'm going with|we're going with|go ahead with|let's go ahead and" +
		"|we settled on|is approved|are approved|been approved|i approve|i approved|we approved|has approved|have approved|has signed off|have signed off|is accepted|consensus is|consensus was|consensus to|have consensus|have a consensus|rough consensus|strong consensus|sentiment is|conclusion is|we concluded" +
		"|let's do that|let's do it|let's use|let's stick|let's leave|let's target|let's aim|let's merge|let's skip|let's drop|will be switched|sticking with|stick with|been rejected|we rejected|cfi'd|sfi'd|dfi'd|is final|replaces my|from now on we|the plan is to|plan of record"
	// Said aloud more goes without saying.
	spokenWords    = decidedWords + "|we can go ahead and say|lock in|leaning towards|rejecting|out of the scope|out of scope|let's make|we'll do that|will be the|going with|sentiment or consensus|agreed to|agreed that|agreed on|decided to|decided on|decided that|people all agree|it's a go|it's a no|decide this now|decide it now|that's decided"
	undecidedWords = "if we|if it|if this|i hope|when a|trying to|need a decision|needs a decision|no decision|any decision|make a decision|make the decision|make that decision|decision by|need to decide|have to decide|time to decide|left to decide|yet to decide|asked to decide|decide whether|decide if|decide by|decide on|not decided|haven't decided|hasn't decided|nothing was decided|undecided|can't decide|cannot decide|before we decide|when we decide|once we decide|not agreed|not approved" +
		"|needs to be approved|to be approved|waiting for approval|no consensus|not consensus|any consensus|get consensus|if there is consensus|whether|wasn't decided|who decided|why we decided|could|might|perhaps|maybe|would be|i wish|don't think|not sure|i suggest|i propose|i'd suggest|i would suggest|my suggestion|my proposal|my understanding|i thought|used to"
	closingWords = "wrap up|get into it|get started|get going|be prepared|that box|move on|next call|start the|end the|end here|close the"
	undoneWords  = "replaces|instead|correction|reversed|reverse|after all|no longer|will not be|won't be|changed our|changed my|postponed|postpone|moved to|cancelled|canceled|withdrawn|scrap|scrapped|not going to|back to|extend|extended|rather than|pushed back|put off|deferred|delayed until"
	// Changes of plans; those of weakWords may be of anything else, too.
	movedWords = "postponed|rescheduled|cancelled|canceled|deferred|pushed back|put off|delayed until|replaces my|replaces the|extended until|extended to|reversed"
	weakWords  = "will not be|won't be|moved to|no longer"
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
