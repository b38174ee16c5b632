package answer

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// question is what was understood.
type question struct {
	asked      string // as the user put it
	text       string // in English, as far as interpreter knows the words
	user       store.User
	me         speech.Self
	now        time.Time // in the user's zone
	intent     intent
	asks       kind                // what an answer must have
	terse      bool                // only words to search for
	period     when.Period         // zero when the question names none
	hour       time.Time           // of a day in the calendar; zero when the question names none
	search     string              // what to search for
	remembered string              // it as a sentence may have it, word for word; "" where it is too short for that
	topic      []string            // stems
	forms      map[string][]string // of the topic: by stem, those of the word in other forms
	weight     map[string]float64  // of the topic's stems, by how rare they are

	parties []party
	authors []party // of whom words are wanted: "what did Sarah say"
	whose   side    // promises are wanted

	integrations map[string]bool // empty for all
}

func (q question) inPeriod(t time.Time) bool { return q.period.Phrase == "" || q.period.Contains(t) }

func (q question) wants(integration string) bool {
	return len(q.integrations) == 0 || q.integrations[integration]
}

// asking are the words with which questions and wishes begin.
var asking = regexp.MustCompile(`^(what|which|who|whom|whose|when|where|why|how` +
	`|is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|any` +
	`|tell|show|find|list|give|summari[sz]e|explain|remind|according)\b`)

// aside is what only says on which occasion: "what did they think of the case when
// talking about the design".
var aside = regexp.MustCompile(`^(.+) (?:when|while) ` +
	`(?:talk|discuss|speak|debat|consider|introduc|present|describ|explain|review)ing\b.*$`)

// side is who promised.
type side int

const (
	ours   side = iota // the user or a colleague
	mine               // the user
	theirs             // anybody else
)

// fewestRemembered are the words by which somebody may know a sentence.
const fewestRemembered = 4

// maxTopic is how many words of a question are looked up, however long it is.
const maxTopic = 32

// understand reads a question.
func (a *Answerer) understand(ctx context.Context, user store.User, in attrove.QueryIn, now time.Time) (question, error) {
	q := question{
		asked: in.Query, text: a.interpreter().inEnglish(in.Query), user: user, me: speech.NewSelf(user), now: now.In(user.Location()), integrations: map[string]bool{},
	}
	for _, id := range in.IntegrationIDs {
		q.integrations[id] = true
	}
	rest := q.text
	if period, ok := when.ParsePeriod(q.text, q.now); ok {
		q.period = period
		rest = strings.Replace(rest, period.Phrase, " ", 1)
	}
	if err := a.findParties(ctx, &q, rest); err != nil {
		return q, err
	}
	plain := aside.ReplaceAllString(plainQuestion(q.text, q.parties), "$1")
	q.intent = a.classifier().intent(plain)
	if q.intent == lookUp && len(q.authors) > 0 {
		q.intent = said
	}
	if q.intent == lookUp || q.intent == calendar {
		q.asks = kindOf(plain)
	}
	if q.intent == calendar {
		rest = q.narrow(rest, plain)
	}
	if len(strings.Fields(plain)) >= fewestRemembered {
		q.remembered = speech.Plain(q.asked)
	}
	q.terse = !strings.Contains(q.text, "?") && !asking.MatchString(plain)
	q.whose = whosePromises(plain, q)
	q.search = rest
	if err := a.setTopic(ctx, &q); err != nil {
		return q, err
	}
	for _, turn := range in.History { // "And since then?" goes on with the topic before
		if turn.Role == roleUser && len(q.topic) == 0 && q.intent == lookUp {
			q.search = string(turn.Content)
		}
	}
	if q.search != rest {
		return q, a.setTopic(ctx, &q)
	}
	return q, nil
}

// topicless are the words that only say what is wanted: what is left of a question
// is its topic.
func topicless(i intent) string {
	const common = "week today tomorrow yesterday month day time list important current latest recent complete quick short help thing stuff update include source use " +
		"anyone anybody someone somebody anything something everything nobody remind make made take took happen " +
		"happening going been lately recently far first now right hasn haven hadn aren weren couldn wouldn shouldn "
	switch i {
	case attention, isBlockedOn, isOverdue, isUnanswered, isEndangered:
		return common + "blocked block blocker stuck hold overdue late due missed deadline quiet silent answer reply respond wait chase risk gone go wrong unhappy upset angry danger customer account"
	case questions:
		return common + "open question unanswered wait reply answer respond owe ask people message mail email write back"
	case tasks, isDue:
		return common + "action item point task follow followup open todo list outstanding pending remaining left step next meeting call session last previous stand standup up forget forgot assigned owner supposed " +
			"responsible drop ball homework job finished finish due still hook"
	case promises:
		return common + "promise promised promising commit committed commitment owe owed open kept keep broken break pledge volunteer sign deliver agree offer customer team side"
	case prepare:
		return common + "meeting call prepare preparation prep brief briefing next upcoming background bring raise ready talk topic open remember point"
	case lastMeeting:
		return common + talking + "last previous meeting call summarize summarise summary minutes note recap takeaway outcome highlight discuss discussed talk talked cover covered key attend"
	case decisions:
		return common + talking + "decide decided decision agree agreed conclude conclusion still true valid stand final verdict settle chosen choose pick approve approved sign signed reverse reversed outcome option"
	case calendar:
		return common + "meeting event calendar schedule agenda appointment next upcoming call free busy come coming start begin take place still room invited conflict many long move moved look looks got reschedule rescheduled " +
			"postpone postponed cancel cancelled canceled push pushed put shift shifted bring brought forward change changed planned see"
	case catchUp:
		return common + talking + "happen new change catch summarize summarise summary recap overview miss email mail message status state stand going news speed progress fill latest development weekly end bring"
	case said, whoSaid, listMail:
		return common + talking + "tell told write wrote written think thought ask asked mention mentioned mail email message remind opinion view position concern concerns take answer reply replied respond responded " +
			"suggest suggested propose proposed complain complained explain explained report reported request requested react reacted raise raised agree agreed confirm confirmed claim claimed happy quote objection"
	case contact:
		return common + "last hear heard talk talked speak spoke meet met contact long email mail message show"
	case noted:
		return common + "note noted say wrote write written jot down"
	default:
		return talking
	}
}

// talking are the words that say of a topic only that it was talked about.
const talking = "team member group people participant attendee conferee summarize summarise summary discuss discussed discussion debate talk talked talking opinion think thought attitude mention conclusion according meeting say said tell told "

// setTopic takes the topic from what is searched for. A name belongs to it
// unless it only says who speaks, with whom or to whom; what kind of thing is asked
// for does not.
func (a *Answerer) setTopic(ctx context.Context, q *question) error {
	q.topic, q.weight, q.forms = nil, map[string]float64{}, map[string][]string{}
	if q.intent == attention { // of whom may be said, not of what
		return nil
	}
	drop := map[string]bool{}
	without := topicless(q.intent) + " " + q.asks.words()
	if q.terse && q.intent == lookUp { // words to search for
		without = ""
	}
	for _, w := range prose.Words(without) {
		drop[prose.Stem(w)] = true
	}
	people := q.parties
	switch q.intent {
	case lookUp, decisions, noted:
		people = nil
	case said, catchUp, listMail:
		people = q.authors
	default: // everybody named is whom it is about
	}
	for _, p := range people {
		for _, w := range prose.Words(p.word) {
			drop[prose.Stem(w)] = true
		}
	}
	stop := prose.StopWords(q.search)
	for _, w := range prose.Words(q.search) {
		t := prose.Stem(w)
		if stop(w) || q.weight[t] > 0 || drop[t] {
			continue
		}
		if len(q.topic) == maxTopic {
			break
		}
		forms, err := a.index.Forms(ctx, w)
		if err != nil {
			return err
		}
		rarity, err := a.index.Rarity(ctx, w, forms...)
		if err != nil {
			return err
		}
		q.topic = append(q.topic, t)
		q.weight[t], q.forms[t] = rarity, forms
	}
	return nil
}

// fromThem are the words for promises of others to the user's side.
var fromThem = regexp.MustCompile(`\b(` +
	`(promised?|tell|told|owes?|g[ai]ven?|deliver) (to )?(me|us)` +
	`|(was i|were we) promised|(am i|are we) owed` +
	`|they promised?|(have|did|are) they|their (promises|commitments)` +
	`|(who|anyone|anybody) (promised?|committed)|others)\b`)

// whosePromises reads the direction: "did we promise" is ours, "promised us"
// and "did Norrgate promise" are theirs.
func whosePromises(text string, q question) side {
	text = " " + text + " "
	if fromThem.MatchString(text) {
		return theirs
	}
	for _, address := range q.me.Addresses() {
		if anyIncludes(q.authors, store.Person{Email: address}) {
			return mine
		}
	}
	switch {
	case len(q.authors) > 0:
		return theirs
	case speech.HasAny(text, "we|our|us"):
		return ours
	case speech.HasAny(text, "i|my|mine|me"):
		return mine
	case speech.HasAny(text, "by "+somebody+"|"+somebody+" made|has "+somebody):
		return theirs
	}
	return ours
}
