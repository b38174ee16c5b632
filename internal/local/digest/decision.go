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
	decidedWords = "decided to|decided that|decided on|decided against|decided not to|have decided|has decided|we decided|i decided|i've decided|we've decided|was decided|decision is|decision was|final decision" +
		"|we agreed|agreed to|agreed on|agreed that|all agree|all agreed|everyone agreed|everyone agrees|is agreed|agreement is|we'll go with|we will go with|let's go with|i'd go with|going with|go ahead with" +
		"|settled on|settle on|approved|signed off|is accepted|consensus is|consensus was|consensus to|consensus that|consensus on|have consensus|have a consensus|rough consensus|strong consensus|conclusion is|concluded that" +
		"|let's do that|let's do it|let's keep|let's use|let's stick|let's leave|let's move|let's target|let's aim|let's merge|let's skip|let's drop|will be switched|sticking with|stick with|rejected|cfi'd|sfi'd|dfi'd|is final|replaces my|from now on|the plan is|plan of record"
	undecidedWords = "need a decision|needs a decision|no decision|any decision|decision by|to decide|decide whether|decide if|decide by|decide on|not decided|haven't decided|hasn't decided|nothing was decided|undecided|can't decide|cannot decide|before we decide|when we decide|once we decide|not agreed|not approved" +
		"|needs to be approved|to be approved|waiting for approval|no consensus|not consensus|any consensus|if there is consensus|whether|wasn't decided|who decided|why we decided|could|might|perhaps|maybe|would be|i wish|don't think|not sure|i suggest|i propose|i'd suggest|i would suggest|my suggestion|my proposal"
	undoneWords = "replaces|instead|correction|reversed|reverse|after all|no longer|will not be|won't be|changed our|changed my|postponed|postpone|moved to|cancelled|canceled|withdrawn|scrap|scrapped|not going to|back to|extend|extended|rather than|pushed back|put off|deferred|delayed until"
)

// decides reports whether a sentence states a decision.
func decides(s speech.Statement) bool {
	if s.Machine || s.Signal.Has(speech.Ask) || strings.HasSuffix(s.Text, "?") {
		return false
	}
	text := speech.Plain(s.Text)
	for _, label := range []string{" decision ", " decided ", " resolution ", " resolved ", " agreed "} {
		rest, ok := strings.CutPrefix(strings.ToLower(s.Text), strings.TrimSpace(label))
		if ok && strings.HasPrefix(rest, ":") {
			return true
		}
	}
	if speech.HasAny(text, undecidedWords) || strings.HasPrefix(text, " if ") || strings.HasPrefix(text, " when ") {
		return false
	}
	return speech.HasAny(text, decidedWords) || s.Signal.Has(speech.Changed) && changesPlans(text)
}

// changesPlans reports whether a change is one of plans: it names what is to be.
func changesPlans(text string) bool {
	return speech.HasAny(text, "moved to|postponed|rescheduled|cancelled|canceled|will not be|won't be|replaces my|replaces the|pushed back|put off|deferred|delayed until|extended until|extended to|reversed")
}

// decisions finds those of a talk.
func (t talk) decisions() []Decision {
	var out []Decision
	for _, u := range t.said {
		for _, s := range u.said {
			if decides(s) && len(prose.Terms(s.Text)) >= 2 {
				out = append(out, Decision{Statement: s})
			}
		}
	}
	return out
}

// supersede puts decisions that a later one took back below that one. It is
// about the same if it says so in the words of the earlier one, or if it is the
// next word in the same thread and says that it undoes.
func supersede(all []Decision) []Decision {
	slices.SortStableFunc(all, func(a, b Decision) int { return inOrder(a.Statement, b.Statement) })
	var standing []Decision
	for _, d := range all {
		undoes := speech.HasAny(speech.Plain(d.Text), undoneWords)
		standing = slices.DeleteFunc(standing, func(e Decision) bool {
			if !undoes || e.Source.ID == d.Source.ID || common(e.Text, d.Text) < 2 {
				return false
			}
			d.Instead = append(append(d.Instead, e.Instead...), e.Statement)
			return true
		})
		standing = append(standing, d)
	}
	return standing
}

// common counts the words of meaning that two texts share.
func common(a, b string) int {
	in := map[string]bool{}
	for _, term := range prose.Terms(a) {
		in[term] = true
	}
	n := 0
	for _, term := range prose.Terms(b) {
		if in[term] {
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
