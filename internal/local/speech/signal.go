// Package speech reads what sentences do and who says them to whom: asking,
// promising, waiting, deciding. Its rules are phrases of English. In other
// languages (see prose.English) it abstains, as no signal is better than a wrong one.
package speech

import (
	"strings"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// Signal is what a sentence does, besides informing.
type Signal uint16

// What sentences do.
const (
	Ask     Signal = 1 << iota // wants something of the reader
	Promise                    // its writer will do something
	Awaits                     // waits for somebody, or reminds
	Overdue                    // says that something is late
	Blocked                    // cannot go on
	Quiet                      // says that somebody does not answer
	Risk                       // may end a relationship
	Decided                    // states a decision
	Changed                    // takes back or moves what was said before
	Settled                    // says that something is done
	Upset                      // is unhappy
)

// Has reports whether s has the signal, or one of several.
func (s Signal) Has(one Signal) bool { return s&one != 0 }

// The words by which a signal is known, in English: whole words, as Plain has
// them. Other languages give no signals, rather than wrong ones.
const (
	askWords = "can you|could you|can we|could we|would you|will you|are you able|do you|did you|have you|are you|may i ask you|should we|should i|shall we|shall i" +
		"|please|let me know|let us know|tell me|call me|give me a call|get back to me|let's meet|let's talk|let's discuss|like to meet|like to discuss|like to talk|like to speak|would appreciate|be grateful if|need from you|need an answer|need your|need you to|i need a|we need a decision|your thoughts|what do you think|what do you say|is that ok|are you ok|any objections"
	notAskWords  = "please find|please note|please see|please accept|please be advised|please do not reply|please don't hesitate|please feel free|yes please|please click|please visit"
	promiseWords = "i'll|i will|we'll|we will|i shall|we shall|i promise|i promised|we promise|we promised|that's a promise" +
		"|you'll have|you will have|you'll get|you will get|you'll receive|you will receive|let me send|let me get back|i can send|i can have it"
	notPromiseWords = "i will not|i'll never|i will never|we will not|we'll never|i'll be away|i'll be out|i will be away|i will be out|if you|we'll see|we will see|i'll try|i will try|we'll try|we will try|i'll be honest|i'll say|i will say"
	awaitsWords     = "still waiting|waiting for your|waiting on you|awaiting your|looking forward to the|looking forward to your|reminder|following up|any update|any news|any word|without your|held up|time sensitive|urgent|urgently|asap"
	overdueWords    = "overdue|past due|was due|is late|are late|late with|missed the deadline|deadline has passed|did not include|formal notice|final notice|has run out|not here yet|isn't here|isn't done|don't have the|haven't received|not received"
	blockedWords    = "blocked|blocker|blocking|is stuck|are stuck|am stuck|i'm stuck|we're stuck|still stuck|stuck on|stuck with|stuck until|can't proceed|cannot proceed|can't continue|cannot continue|can't start|cannot start|can't hold|cannot hold|on hold|can't go ahead|cannot go ahead|can't decide|cannot decide|had to cancel"
	quietWords      = "gone quiet|went quiet|no answer|no reply|no response|hasn't answered|has not answered|hasn't replied|has not replied|hasn't responded|haven't heard|have not heard|didn't answer|did not answer|didn't reply|no word from"
	riskWords       = "alternatives|evaluating other|evaluation of|other vendors|switch to|switching to|cancel the contract|cancel our contract|terminate|not renew|won't renew|at risk|slips past|lose them|losing them|competitor|churn"
	decidedWords    = "decision|decided|we decide|agreed to|we agreed|it is agreed|we'll go with|we will go with|go with|approved|conclusion|consensus|resolved to|signed off"
	changedWords    = "moved to|move our|moved it|postpone|postponed|rescheduled|reschedule|new date|new time|extend|extended|extends|replaces|no longer|cancelled|canceled|will not be|won't be|correction|reversed|pushed back|put off|deferred|delayed until"
	upsetWords      = "disappointed|disappointing|frustrated|frustrating|unacceptable|unhappy|not happy|angry|furious|fed up|losing patience|lost patience|let down|not good enough|dissatisfied|fell short|out of patience"
	settledWords    = "attached|here is|here it is|here are|here we go|here you go|as promised|is signed|has renewed|has signed|resolved|fixed|received with thanks|is back|is done|it's done|paid|sorted|is through|sent it|i've sent|i have sent|all good|thank you all"
)

// Reader finds signals, and takes items apart into statements. Its phrases are
// split once, so it is made once.
type Reader struct {
	rules []rule
}

type rule struct {
	signal  Signal
	phrases []string
}

// NewReader returns a reader of English.
func NewReader() Reader {
	var r Reader
	for _, of := range []struct {
		signal Signal
		words  string
	}{
		{Ask, askWords}, {Promise, promiseWords}, {Awaits, awaitsWords}, {Overdue, overdueWords}, {Blocked, blockedWords},
		{Quiet, quietWords}, {Risk, riskWords}, {Decided, decidedWords}, {Changed, changedWords}, {Settled, settledWords}, {Upset, upsetWords},
		{notPromise, notPromiseWords}, {notAsk, notAskWords},
	} {
		phrases := strings.Split(of.words, "|")
		for i := range phrases {
			phrases[i] = " " + phrases[i] + " "
		}
		r.rules = append(r.rules, rule{of.signal, phrases})
	}
	return r
}

// These take a promise or a wish back; no sentence keeps them.
const (
	notAsk     Signal = 1 << 14
	notPromise Signal = 1 << 15
)

// Read returns the signals of a sentence. Of one that is not in English it says at
// most that it asks, as its question mark does.
func (r Reader) Read(sentence string) Signal {
	if !prose.English(sentence) {
		if asksSomething(sentence) {
			return Ask
		}
		return 0
	}
	text := Plain(sentence)
	var found Signal
	for _, rule := range r.rules {
		for _, phrase := range rule.phrases {
			if strings.Contains(text, phrase) {
				found |= rule.signal
				break
			}
		}
	}
	if found.Has(notPromise) {
		found &^= Promise | notPromise
	}
	if found.Has(notAsk) {
		found &^= Ask | notAsk
	}
	if asksSomething(sentence) {
		found |= Ask
		found &^= Promise // "Will we see you?", "Shall I say that I'll pay?"
	}
	return found
}

// asksSomething reports whether a sentence asks, and is more than an exclamation
// such as "Really?".
func asksSomething(sentence string) bool {
	const fewest = 4 // words
	sentence = strings.TrimRight(sentence, `"')”’」』 `)
	return strings.HasSuffix(sentence, "?") && len(strings.Fields(sentence)) >= fewest ||
		strings.HasSuffix(sentence, "？") && len(prose.Words(sentence)) >= fewest
}

// Plain is text in lower case, its words between single spaces and with their
// apostrophes, so that whole words are found by plain search.
func Plain(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	space := true
	for _, r := range text {
		switch {
		case r == '’':
			r = '\''
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'':
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		b.WriteRune(unicode.ToLower(r))
		space = false
	}
	if !space {
		b.WriteByte(' ')
	}
	return b.String()
}

// HasAny reports whether plain text has one of the phrases, which | divides.
func HasAny(text, phrases string) bool {
	for phrase := range strings.SplitSeq(phrases, "|") {
		if strings.Contains(text, " "+phrase+" ") {
			return true
		}
	}
	return false
}
