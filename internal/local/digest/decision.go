package digest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
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
	const brief = 20 // words
	switch {
	case speech.HasAny(text, words):
		return true
	case t.medium == spoken && (resolute(text) || len(strings.Fields(text)) <= brief && speech.HasAny(text, briefWords)):
		return true
	}
	return speech.HasAny(text, movedWords) && (hasDay(s) || speech.HasAny(text, "we|our|my"))
}

// stopping is how one says of all that they do something no longer, or something
// else.
var stopping = regexp.MustCompile(` (?:` +
	`(?:we'll|we will|we're going to|we are going to) (?:just )?` +
	`(?:skip|postpone|drop|cancel|defer|delay|adopt|discontinue|move (?:the|our))` +
	`|(?:we're|we are) (?:now )?` +
	`(?:skipping|postponing|dropping|cancel+ing|deferring|delaying|adopting|discontinuing|moving (?:the|our|all))` +
	`|(?:we won't|we will not|we're not going to|we are not going to) (?:be )?(\pL+)` +
	`|(?:we'll|we will|we're going to|let's) .{1,40} (?:instead|as (?:it is|they are))` +
	`|let's not (?:do|use|have|buy|renew|change|add|include|ship|release|support|paint)) `)

// resolute reports whether a sentence says what all do no longer, or do instead.
func resolute(text string) bool {
	m := stopping.FindStringSubmatch(text)
	return m != nil && (m[1] == "" || oneOf(m[1], tasks) || isGerund(m[1]+" it"))
}

// weaklyDecides reports whether a sentence is a decision if it takes one back.
func (t talk) weaklyDecides(s speech.Statement) bool {
	text := own(s.Text)
	return t.medium != spoken && !s.Machine && !s.Signal.Has(speech.Ask) && speech.HasAny(text, weakWords) && !speech.HasAny(text, undecidedWords)
}

// decisions finds those of a talk. "Let's do that" comes with what that is.
func (t talk) decisions() []Decision {
	var out []Decision
	for i, u := range t.said {
		corrects := slices.ContainsFunc(u.said, func(s speech.Statement) bool {
			return speech.HasAny(own(s.Text), "replaces my|replaces the|correction")
		})
		for j := range u.said {
			d, ok := t.decision(i, j)
			d.weak = d.weak && !corrects
			if n := len(out) - 1; ok && n >= 0 && repeats(out[n], d) {
				ok = false
			}
			if ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// decision reads what a sentence decides.
func (t talk) decision(at, n int) (Decision, bool) {
	const few = 4
	s := t.said[at].said[n]
	if m := t.said[at].mark(s); m.filed != unfiled {
		if t.medium == minuted {
			s.Text = m.text
		}
		return Decision{Statement: s, filed: true}, m.filed == decided && len(prose.Terms(s.Text)) > 1
	}
	if t.said[at].foreign {
		return Decision{}, false
	}
	weak, accepted := false, false
	if !t.decides(s) {
		weak, accepted = t.weaklyDecides(s), t.accepted(at, n)
		if !weak && !accepted {
			return Decision{}, false
		}
	}
	switch {
	case strings.HasSuffix(s.Text, ":") && s.After != "":
		s.Text += " " + s.After
	case len(prose.Terms(s.Text)) < few && s.Before != "":
		s.Text = s.Before + " " + s.Text
	}
	return Decision{Statement: s, weak: weak && !accepted, accepted: accepted}, len(prose.Terms(s.Text)) >= 2 && (t.medium != spoken || !broken(s.Text))
}

// repeats reports whether a decision is the one before in other words: whoever
// announces it says it again soon.
func repeats(before, d Decision) bool {
	const near = 4 // sentences
	return before.Source.ID == d.Source.ID && before.Author == d.Author && d.Order <= before.Order+near && !d.filed && common(before.Text, d.Text) > 0
}

// accepted reports whether a sentence proposes something that others agree to: who
// speaks next, or several with a sign that they put to it.
func (t talk) accepted(at, n int) bool {
	const last, few, some = 6, 2, 3 // sentences of what its speaker says, words of meaning
	u := t.said[at]
	text := own(u.said[n].Text)
	proposed := speech.HasAny(text, proposedWords)
	terms := len(prose.Terms(text))
	switch {
	case speech.HasAny(text, closingWords) || speech.HasAny(text, meanwhile):
		return false
	case terms >= few && n == len(u.said)-1 && t.approved(at):
		return true
	case terms < some || terms < fewestTerms && !strings.HasSuffix(u.said[n].Text, "?"):
		return false
	case u.seconded():
		return !speech.HasAny(text, "if") && (proposed || speech.HasAny(text, wonderedWords))
	case t.medium != spoken && t.medium != chat:
		return false
	case proposed:
		return n >= len(u.said)-last && t.agreedTo(at, acceptedWords)
	default:
		return t.medium == spoken && n >= len(u.said)-2 && speech.HasAny(text, plannedWords) && t.agreedTo(at, confirmedWords)
	}
}

// seconded reports whether several put a sign of assent to something short, so
// that they meant all of it.
func (u utterance) seconded() bool {
	const several, short = 2, 2 // people, sentences
	return len(u.seconds) >= several && len(u.said) <= short
}

// approved reports whether somebody ends with "shall we …?" or "let's …", and who
// speaks next says yes and hardly more.
func (t talk) approved(at int) bool {
	const short = 5 // words
	if t.medium != spoken || at+1 == len(t.said) || sameSpeaker(t.said[at+1], t.said[at]) {
		return false
	}
	last := t.said[at].said[len(t.said[at].said)-1].Text
	text, answer := own(last), strings.TrimSpace(t.said[at+1].words)
	question := strings.HasSuffix(last, "?")
	if question && speech.HasAny(text, objectWords) {
		return begins(answer, noWords) && len(strings.Fields(answer)) <= short
	}
	if !speech.HasAny(text, "let's") && (!question || !speech.HasAny(text, consentWords)) {
		return false
	}
	return (begins(answer, yesWords) || begins(answer, acceptedWords)) && len(strings.Fields(answer)) <= short && !speech.HasAny(t.said[at+1].words, "but|not sure|don't know|maybe")
}

// agreedTo reports whether who speaks next begins with such words, and doubts
// nothing.
func (t talk) agreedTo(at int, with string) bool {
	const soon, begin = 2, 12 // turns, words
	for _, next := range t.said[at+1 : min(len(t.said), at+1+soon)] {
		if sameSpeaker(next, t.said[at]) {
			continue
		}
		words := strings.Fields(next.words)
		first := strings.Join(words[:min(len(words), begin)], " ")
		if speech.HasAny(" "+first+" ", "but|however|not sure|disagree|don't think|wouldn't") {
			return false
		}
		if begins(first, with) {
			return true
		}
	}
	return false
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
	apart := earlier.Source.ID != s.Source.ID || s.Source.Kind == store.KindMeeting && s.Order-earlier.Order >= turnOrder
	if !apart || !speech.HasAny(own(s.Text), undoneWords) {
		return false
	}
	shared, short := common(earlier.Text, s.Text), min(len(prose.Terms(earlier.Text)), len(prose.Terms(s.Text)))
	return shared >= 2 && float64(shared) >= enough*float64(short)
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
	if d.filed {
		score += 3
	}
	if d.accepted {
		score--
	}
	if d.Signal.Has(speech.Decided) {
		score++
	}
	return score
}
