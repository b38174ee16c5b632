package goals

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// outcome is what was said of how the goal ended.
type outcome struct {
	done    *fact // it was reached
	dropped *fact // it was given up
}

const (
	// doneWords say that something is over and well.
	doneWords = "signed|applied|is done|it's done|all done|completed|complete|finished|approved|we agreed|is agreed|have agreed|has renewed|have renewed|renewed|paid|merged|released|shipped|accepted|closed|delivered|is through|resolved|hired|launched|is live|went live|gone live"
	// pendingWords say that it is not, or that something comes first.
	pendingWords = "not|isn't|wasn't|aren't|hasn't|haven't|don't|doesn't|didn't|never|once|if|until|unless|as soon as"
	// notYetWords say the same, or only speak of it.
	notYetWords = pendingWords + "|won't|can't|cannot|when|before|should|would|could|will|i'll|we'll|to be|need|needs|must|waiting|want|hope|plan"
	// droppedWords say that somebody gives it up.
	droppedWords = "decided not to|decided against|will not renew|won't renew|not going ahead|won't go ahead|will not go ahead|go with another|chosen another|going with another|no longer interested|cancel the contract|cancel our contract|terminate the contract|terminate our contract|calling it off|call it off"

	// fulfilled is the share of the words of its criteria that a sentence and its
	// subject must hold to say that the goal is reached.
	fulfilled = 0.6
)

// conclude finds what was said last of how the goal ended. Without criteria nobody
// can tell that it was reached: that its topic is agreed to is said in passing.
func (c *study) conclude() {
	criteria := c.goal.SuccessCriteria + " " + c.goal.CompletionCondition
	wanted, done := prose.Terms(criteria), doneBy(criteria)
	for i, e := range c.entries {
		for _, s := range c.said[i] {
			if !e.focused || s.Signal.Has(speech.Ask) {
				continue
			}
			text := speech.Plain(s.Text)
			f := &fact{Statement: s, entry: i, side: c.sideOf(s, i)}
			switch {
			case speech.HasAny(text, droppedWords):
				c.outcome = outcome{dropped: f}
			case speech.HasAny(text, done) && !speech.HasAny(text, notYetWords) && fulfils(s, wanted):
				c.outcome = outcome{done: f}
			}
		}
	}
}

// doneBy lists which of the doneWords fulfil criteria: those that they use
// themselves, if any. What is to be paid is not done when it is approved.
func doneBy(criteria string) string {
	text := speech.Plain(criteria)
	used := slices.DeleteFunc(strings.Split(doneWords, "|"), func(word string) bool { return !speech.HasAny(text, word) })
	if len(used) == 0 {
		return doneWords
	}
	return strings.Join(used, "|")
}

// settles reports whether a sentence says that something is done.
func settles(s speech.Statement) bool {
	return s.Signal.Has(speech.Settled) && !s.Signal.Has(speech.Ask|speech.Awaits) && !speech.HasAny(speech.Plain(s.Text), pendingWords)
}

// fulfils reports whether a sentence, read under its subject, speaks of all that
// the terms want, and itself of a good part.
func fulfils(s speech.Statement, terms []string) bool {
	return len(terms) > 0 && share(terms, stems(s.Text+" "+s.Source.Title)) >= fulfilled && share(terms, stems(s.Text)) >= fulfilled/2
}

// share is the part of terms that are among words.
func share(terms, words []string) float64 {
	n := 0
	for _, t := range terms {
		if slices.Contains(words, t) {
			n++
		}
	}
	return float64(n) / float64(max(len(terms), 1))
}
