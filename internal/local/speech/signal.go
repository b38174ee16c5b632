// Package speech reads what sentences do and who says them to whom: asking,
// promising, waiting, deciding. Its rules are phrases of English: plain ones for most
// signals, weighed ones for what asks (requests.tsv). In other languages (see
// prose.English) it abstains, as no signal is better than a wrong one.
package speech

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

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
	awaitsWords  = "still waiting|waiting for your|waiting on you|awaiting your|looking forward to the|looking forward to your|reminder|following up|any update|any news|any word|without your|held up|time sensitive|urgent|urgently|asap"
	overdueWords = "overdue|past due|was due|is late|are late|late with|missed the deadline|deadline has passed|did not include|formal notice|final notice|has run out|not here yet|isn't here|isn't done|don't have the|haven't received|not received"
	blockedWords = "blocked|blocker|blocking|is stuck|are stuck|am stuck|i'm stuck|we're stuck|still stuck|stuck on|stuck with|stuck until|can't proceed|cannot proceed|can't continue|cannot continue|can't start|cannot start|can't hold|cannot hold|on hold|can't go ahead|cannot go ahead|can't decide|cannot decide|had to cancel"
	quietWords   = "gone quiet|went quiet|no answer|no reply|no response|hasn't answered|has not answered|hasn't replied|has not replied|hasn't responded|haven't heard|have not heard|didn't answer|did not answer|didn't reply|no word from"
	riskWords    = "alternatives|evaluating other|evaluation of|other vendors|switch to|switching to|cancel the contract|cancel our contract|terminate|not renew|won't renew|at risk|slips past|lose them|losing them|competitor|churn"
	decidedWords = "decision|decided|we decide|agreed to|we agreed|it is agreed|we'll go with|we will go with|go with|approved|conclusion|consensus|resolved to|signed off"
	changedWords = "moved to|move our|moved it|postpone|postponed|rescheduled|reschedule|new date|new time|extend|extended|extends|replaces|no longer|cancelled|canceled|will not be|won't be|correction|reversed|pushed back|put off|deferred|delayed until"
	upsetWords   = "disappointed|disappointing|frustrated|frustrating|unacceptable|unhappy|not happy|angry|furious|fed up|losing patience|lost patience|let down|not good enough|dissatisfied|fell short|out of patience"
	settledWords = "attached|here is|here it is|here are|here we go|here you go|as promised|is signed|has renewed|has signed|resolved|fixed|received with thanks|is back|is done|it's done|paid|sorted|is through|sent it|i've sent|i have sent|all good|thank you all|thank you , all"
)

// Reader finds signals, and takes items apart into statements. It reads its
// phrases when they are first needed, and once, so it is made once.
type Reader struct {
	english func() *english
}

// english is what is known of the language.
type english struct {
	phrases  *phrases
	requests *requests
}

// NewReader returns a reader of English.
func NewReader() Reader { return Reader{sync.OnceValue(readEnglish)} }

func readEnglish() *english {
	p := newPhrases()
	for _, of := range []struct {
		signal Signal
		words  string
	}{
		{Awaits, awaitsWords}, {Overdue, overdueWords}, {Blocked, blockedWords}, {Quiet, quietWords}, {Risk, riskWords},
		{Decided, decidedWords}, {Changed, changedWords}, {Settled, settledWords}, {Upset, upsetWords},
	} {
		for phrase := range strings.SplitSeq(of.words, "|") {
			p.add(phrase, mark{signals: of.signal})
		}
	}
	return &english{p, readRequests(requestTable, p)}
}

// Read returns the signals of a sentence. Of one that is not in English it says at
// most that it asks, as its question mark does.
func (r Reader) Read(sentence string) Signal {
	asks := asksSomething(sentence)
	if !prose.English(sentence) {
		if asks {
			return Ask
		}
		return 0
	}
	known := r.english()
	found, words := known.phrases.find(sentence)
	promises := found.promises > 0 && !asks // "Will we see you?", "Shall I say that I'll pay?"
	if promises {
		found.signals |= Promise
	}
	if asks || known.requests.asks(found.cues, words, promises) {
		found.signals |= Ask
	}
	return found.signals
}

// Text returns the signals of all sentences of a text.
func (r Reader) Text(text string) Signal {
	var all Signal
	for _, s := range prose.Sentences(text) {
		all |= r.Read(s.Text)
	}
	return all
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
	plain := make([]byte, 1, len(text)+2)
	plain[0] = ' '
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '\'':
			plain = utf8.AppendRune(plain, r)
		case 'A' <= r && r <= 'Z':
			plain = utf8.AppendRune(plain, r+'a'-'A')
		case r == '’':
			plain = append(plain, '\'')
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			plain = utf8.AppendRune(plain, unicode.ToLower(r))
		case plain[len(plain)-1] != ' ':
			plain = append(plain, ' ')
		}
	}
	if plain[len(plain)-1] != ' ' {
		plain = append(plain, ' ')
	}
	return string(plain)
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
