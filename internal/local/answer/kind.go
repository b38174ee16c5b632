package answer

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// kind is what a question asks for, where an answer is one only if it has that.
type kind int

const (
	anything kind = iota
	aTime         // when something will be, or until when
	aPast         // when something was: the day of any statement tells
	aNumber
	aPrice
	aPlace
	aPerson // who does or has something
	aReason
	aPhone
	anAddress // of mail
	aLink
)

// kindOf reads a plain question.
func kindOf(question string) kind {
	text := " " + question + " "
	switch {
	case speech.HasAny(text, "phone number|telephone number|phone|telephone|mobile number"):
		return aPhone
	case speech.HasAny(text, "email address|e mail address|mail address"):
		return anAddress
	case speech.HasAny(text, "the link|a link|which link|link to|link for|links to|url|web address"):
		return aLink
	case speech.HasAny(text, "what price|the price|price of|new price|the cost|cost of") || speech.HasAny(text, "how much") && speech.HasAny(text, "cost|costs|pay|paid|charge|charged|worth"):
		return aPrice
	case speech.HasAny(text, "how much|how many|what amount|the amount"):
		return aNumber
	case speech.HasAny(text, "when did|when was|when were"):
		return aPast
	case speech.HasAny(text, "when|what date|which date|what day|which day|what time|by when|until when|deadline|how long until|renewal date"):
		return aTime
	case speech.HasAny(text, "where|which room|what address|venue"):
		return aPlace
	case speech.HasAny(text, "who owns|who is responsible|who is in charge|who leads|who runs|whose job|who does|who has to|who needs to|who must|who should|who will|who is going to|who is supposed to|who is the owner|responsible for"):
		return aPerson
	case speech.HasAny(text, "why|what is the reason|reason for|what reason"):
		return aReason
	}
	return anything
}

// words are those of a question that only say what is asked for: an answer rarely
// repeats them.
func (k kind) words() string {
	switch k {
	case aTime, aPast:
		return "deadline due date day time valid ready done finished complete completed happen"
	case aNumber, aPrice:
		return "price cost amount total much many"
	case aPlace:
		return "place venue location room address"
	case aPerson:
		return "own owns owner responsible charge lead leads run runs job"
	case aReason:
		return "reason cause"
	case aPhone:
		return "phone telephone mobile number"
	case anAddress:
		return "email mail address"
	case aLink:
		return "link url web address"
	default:
		return ""
	}
}

// required reports whether a statement without it is no answer. Who does something,
// where and why may be said in so many ways that no rule knows them all.
func (k kind) required() bool {
	switch k {
	case aTime, aNumber, aPrice, aPhone, anAddress, aLink:
		return true
	default:
		return false
	}
}

// tells reports whether a statement with it may be the answer though only what stands
// around it has the topic's words. Reasons and places are found in any text; figures and
// times in any talk; and of a note's lines each is about something else.
func (k kind) tells(s speech.Source) bool {
	switch s.Kind {
	case store.KindMessage:
		return k.required() || k == aPerson
	case store.KindMeeting:
		return k == aPerson
	default:
		return false
	}
}

var (
	phone = regexp.MustCompile(`\+?\d[\d ()./-]{5,}\d`)
	mail  = regexp.MustCompile(`\S@\S+\.\S`)
	money = regexp.MustCompile(`(?i)[$€£¥]\s?\d|\d\s?[€£¥]|\d\s?k\b` +
		`|\b(?:usd|eur|gbp|dollars?|euros?|pounds?|cents?|bucks|francs?|million)\b` +
		`|\b(?:costs?|prices?d?|pay(?:s|ing)?|paid|charges?d?|fees?|worth|budget|invoices?)\b` +
		`|\bper (?:unit|seat|user|month|year|hour|day)\b`)
	clock = regexp.MustCompile(`(?i)\b\d{1,2}(:\d\d)? ?[ap]\.?m\b|\b\d{1,2}:\d\d\b|\bnoon\b|\bmidnight\b`)
)

// timeWords are the days and hours in a text, whose figures are no amounts.
var timeWords = regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:` + when.Months + `)\b|\b(?:` + when.Months + `) \d{1,2}(?:st|nd|rd|th)?\b|` +
	`\b\d{4}-\d\d-\d\d\b|\b\d{1,2}:\d\d\b|\bq[1-4]\b`)

// in reports whether a statement has what is asked for.
func (k kind) in(s speech.Statement) bool {
	text := speech.Plain(s.Text)
	switch k {
	case aTime:
		return s.Source.Kind == store.KindEvent || namesTime(s)
	case aNumber:
		return strings.ContainsAny(timeWords.ReplaceAllString(s.Text, ""), "0123456789")
	case aPrice:
		return strings.ContainsAny(timeWords.ReplaceAllString(s.Text, ""), "0123456789") && money.MatchString(s.Text)
	case aPlace:
		return speech.HasAny(text, "in|at|room|street|floor|building|online|to")
	case aPerson:
		return s.Signal.Has(speech.Promise) || speech.HasAny(text, "owns|owner|responsible|in charge|leads|runs|looks after|takes care|will|i'll|takes|mine|assigned")
	case aReason:
		return speech.HasAny(text, "because|since|due to|reason|caused|cause|therefore|so that|that's why|as long as|without|until|thanks to")
	case aPhone:
		return phone.MatchString(s.Text)
	case anAddress:
		return mail.MatchString(s.Text)
	case aLink:
		return strings.Contains(s.Text, "://") || strings.Contains(s.Text, "www.")
	default:
		return false
	}
}

// namesTime reports whether a statement says when: a day or a time of day, and not
// only "this morning".
func namesTime(s speech.Statement) bool {
	if _, ok := when.FindAhead(s.Text, s.At); ok || clock.MatchString(s.Text) {
		return true
	}
	period, ok := when.ParsePeriod(s.Text, s.At)
	return ok && strings.ContainsFunc(period.Phrase, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsUpper(r) })
}
