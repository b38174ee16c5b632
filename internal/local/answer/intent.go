package answer

import (
	"regexp"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// intent is what kind of answer a question wants.
type intent int

const (
	lookUp       intent = iota // anything else: the sentences that fit best
	attention                  // what needs me
	questions                  // what people wait for me to answer
	tasks                      // action items
	promises                   // who promised what
	calendar                   // which events
	prepare                    // what to know before an event
	lastMeeting                // what a meeting was about
	said                       // what somebody said
	whoSaid                    // who said something
	contact                    // when somebody was last in touch
	noted                      // what the user noted
	decisions                  // what was decided
	catchUp                    // what happened
	isBlockedOn                // what cannot go on
	isOverdue                  // what is late
	isUnanswered               // who does not answer the user's side
	isEndangered               // what may go wrong
	isDue                      // what is due then
	whoIs                      // who somebody is
	listMail                   // which messages there are
	intents                    // how many there are
)

// reasons are what is wanted of what is open; empty for all of it.
func (i intent) reasons() []reason {
	switch i {
	case isBlockedOn:
		return []reason{isBlocked}
	case isOverdue:
		return []reason{isLate, promisedToMe}
	case isUnanswered:
		return []reason{isSilent}
	case isEndangered:
		return []reason{isRisk, isSilent, isBlocked}
	default:
		return nil
	}
}

// classifier finds the intents of questions. Its patterns are compiled once.
type classifier []compiled

// compiled is a cue by its pattern.
type compiled struct {
	intent  intent
	weight  int
	pattern *regexp.Regexp
}

func newClassifier() classifier {
	var c classifier
	for _, one := range cues() {
		c = append(c, compiled{one.intent, one.weight, one.pattern()})
	}
	return c
}

// intent is what a plain question wants. Of two that weigh the same it is the one
// that is declared first.
func (c classifier) intent(question string) intent {
	const enough = 3
	var weight [intents]int
	for _, cue := range c {
		if cue.pattern.MatchString(question) {
			weight[cue.intent] += cue.weight
		}
	}
	best := lookUp
	for i := range intents {
		if weight[i] >= enough && weight[i] > weight[best] {
			best = i
		}
	}
	return best
}

// plainQuestion is a question with its contractions taken apart, and without the
// names of those whom it is about: "What's Dana's view?" is "what is somebody 's
// view". Whoever asks at length says what they want at the beginning.
func plainQuestion(text string, parties []party) string {
	const most = 600 // bytes
	plain := speech.Plain(text[:min(len(text), most)])
	for _, p := range parties {
		name := strings.Join(prose.Words(p.word), " ")
		plain = strings.ReplaceAll(plain, " "+name+"'s ", " "+somebody+" 's ")
		plain = strings.ReplaceAll(plain, " "+name+" ", " "+somebody+" ")
	}
	words := strings.Fields(plain)
	for i, w := range words {
		words[i] = expanded(w)
	}
	return strings.Join(words, " ")
}

// expanded takes a contraction apart.
func expanded(word string) string {
	switch word {
	case "can't", "cannot":
		return "can not"
	case "won't":
		return "will not"
	}
	stem, end, ok := strings.Cut(word, "'")
	if !ok || stem == "" {
		return word
	}
	switch end {
	case "t":
		return strings.TrimSuffix(stem, "n") + " not"
	case "ve":
		return stem + " have"
	case "ll":
		return stem + " will"
	case "re":
		return stem + " are"
	case "d":
		return stem + " would"
	case "m":
		return stem + " am"
	case "s":
		switch stem {
		case "what", "who", "where", "when", "how", "that", "there", "here", "it":
			return stem + " is"
		}
		return stem + " 's"
	}
	return word
}
