package answer

import (
	"context"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// intent is what kind of answer a question wants.
type intent int

const (
	lookUp      intent = iota // anything else: the sentences that fit best
	attention                 // what needs me
	questions                 // what people wait for me to answer
	tasks                     // action items
	promises                  // who promised what
	calendar                  // which events
	prepare                   // what to know before an event
	lastMeeting               // what a meeting was about
	said                      // what somebody said
	noted                     // what the user noted
	decisions                 // what was decided
	digest                    // what happened
)

// intentWords tell the intents apart, the first that fits wins. Phrases are
// words as speech.Plain has them.
func intentWords() []struct {
	intent intent
	any    string
} {
	return []struct {
		intent intent
		any    string
	}{
		{prepare, "before my meeting|before my call|before the meeting|before the call|before i meet|before i see|prepare me|prepare for|meeting prep|prep me|prep for|prepare my"},
		{attention, "my attention|need attention|needs attention|what is urgent|what's urgent|anything urgent|what should i do|what do i need to do|what should i focus|priorities|on my plate|what is at risk|what's at risk|daily digest|daily rundown|daily briefing"},
		{questions, "open question|open questions|unanswered|waiting for me|waiting for my|waiting on me|who is waiting|who's waiting|need to reply|need to answer|should i reply|should i answer|owe an answer|owe a reply|i haven't answered|i have not answered|asked me|asking me"},
		{tasks, "action item|action items|to dos|todos|to do list|my tasks|open tasks|follow ups|follow up items"},
		{promises, "promise|promised|promises|commit to|committed|commitment|commitments|owe|owes|said i would|said we would|said they would"},
		{lastMeeting, "last meeting|latest meeting|previous meeting|last call|latest call|summarize the meeting|summarise the meeting|meeting notes|minutes of|recap of the meeting"},
		{noted, "my notes|our notes|notes say|notes about|notes on|did i note|have i noted"},
		{decisions, "decide|decided|decision|decisions|agreed on|agree on|what was agreed|what did we agree"},
		{calendar, "what meetings|which meetings|any meetings|my meetings|what events|which events|my calendar|my schedule|my agenda|on the calendar|appointments|when is|when's|when are|next meeting|when do i meet|what time is|meetings do i|free time|am i free|what do i have|what's on|what is on|my day"},
		{digest, "important updates|key updates|recent updates|latest updates|any updates|updates this|updates since|status of|the status|state of|where are we with|where do we stand|what is going on with|what's going on with|updates on|updates from|update on|news from|news about|latest on|tell me about|what happened|what's new|what is new|what changed|what has changed|what's changed|catch me up|catch up|summarize|summarise|summary|recap|overview|what did i miss|anything new"},
	}
}

// onlyWords ask for one kind of what is open.
func onlyWords() []struct {
	reasons []reason
	any     string
} {
	return []struct {
		reasons []reason
		any     string
	}{
		{[]reason{isBlocked}, "what is blocked|what's blocked|who is blocked|blocked on|blocker|blockers|is stuck"},
		{[]reason{isLate, promisedToMe}, "what is overdue|what's overdue|what is late|what's late|who is late|anything overdue|anything late"},
		{[]reason{isSilent}, "gone quiet|went quiet|is quiet|has not answered|hasn't answered|have not answered|haven't answered|did not answer|didn't answer|not answered us|no answer from|gone silent"},
		{[]reason{isRisk, isSilent, isBlocked}, "is at risk|are at risk|risks"},
	}
}

// topicless are the words that only say the intent: what is left of a question
// is its topic.
func topicless(intent intent) map[string]bool {
	words := "week today tomorrow yesterday month day time list important current latest recent complete quick short help thing stuff update include source use "
	switch intent {
	case attention:
		words += "blocked blocker stuck overdue late due quiet silent answer reply risk gone go everything anything"
	case questions:
		words += "open question unanswered wait reply answer owe ask people anyone"
	case tasks:
		words += "action item task follow open todo list outstanding"
	case promises:
		words += "promise commit commitment owe"
	case prepare:
		words += "meeting call prepare prep next upcoming"
	case lastMeeting:
		words += "last previous meeting call summarize summarise summary minutes note recap"
	case decisions:
		words += "decide decision agree still true valid stand"
	case calendar:
		words += "meeting event calendar schedule agenda appointment next upcoming call free come"
	case digest:
		words += "happen new change catch summarize summarise summary recap overview miss email mail message status state stand going news"
	case said:
		words += "tell told write wrote think thought ask mention mail email message"
	case noted:
		words += "note noted say wrote write anything everything something"
	case lookUp:
		words = ""
	}
	stems := map[string]bool{}
	for _, w := range prose.Words(words) {
		stems[prose.Stem(w)] = true
	}
	return stems
}

// question is what was understood.
type question struct {
	text   string
	user   store.User
	me     speech.Self
	now    time.Time // in the user's zone
	intent intent
	period when.Period        // zero when the question names none
	search string             // what to search for
	topic  []string           // stems
	weight map[string]float64 // of the topic's stems, by how rare they are

	parties []party
	authors []party  // of whom words are wanted: "what did Sarah say"
	whose   side     // promises are wanted
	only    []reason // of what is open; empty for all

	integrations map[string]bool // empty for all
}

func (q question) inPeriod(t time.Time) bool { return q.period.Phrase == "" || q.period.Contains(t) }

func (q question) wants(integration string) bool {
	return len(q.integrations) == 0 || q.integrations[integration]
}

// side is who promised.
type side int

const (
	ours   side = iota // the user or a colleague
	mine               // the user
	theirs             // anybody else
)

// maxTopic is how many words of a question are looked up, however long it is.
const maxTopic = 32

// understand reads a question.
func (a *Answerer) understand(ctx context.Context, user store.User, in attrove.QueryIn, now time.Time) (question, error) {
	q := question{
		text: in.Query, user: user, me: speech.NewSelf(user), now: now.In(user.Location()), integrations: map[string]bool{},
	}
	for _, id := range in.IntegrationIDs {
		q.integrations[id] = true
	}
	rest := in.Query
	if period, ok := when.ParsePeriod(in.Query, q.now); ok {
		q.period = period
		rest = strings.Replace(rest, period.Phrase, " ", 1)
	}
	text := speech.Plain(in.Query)
	for _, i := range intentWords() {
		if q.intent == lookUp && speech.HasAny(text, i.any) {
			q.intent = i.intent
		}
	}
	for _, o := range onlyWords() {
		if q.intent == lookUp && speech.HasAny(text, o.any) {
			q.intent, q.only = attention, o.reasons
		}
	}
	if err := a.findParties(ctx, &q, rest); err != nil {
		return q, err
	}
	if q.intent == lookUp && len(q.authors) > 0 {
		q.intent = said
	}
	q.whose = whosePromises(text, q)
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

// setTopic takes the topic from what is searched for. A name belongs to it
// unless it only says who speaks, with whom or to whom.
func (a *Answerer) setTopic(ctx context.Context, q *question) error {
	q.topic, q.weight = nil, map[string]float64{}
	if q.intent == attention && q.only == nil { // of whom may be said, not of what
		return nil
	}
	drop := topicless(q.intent)
	names := map[string]bool{}
	people := q.parties
	switch q.intent {
	case lookUp, decisions, noted:
		people = nil
	case said, digest:
		people = q.authors
	default: // everybody named is whom it is about
	}
	for _, p := range people {
		for _, w := range prose.Words(p.word) {
			names[prose.Stem(w)] = true
		}
	}
	for _, w := range prose.Words(q.search) {
		t := prose.Stem(w)
		if prose.IsStopWord(w) || q.weight[t] > 0 || names[t] || drop[t] {
			continue
		}
		if len(q.topic) == maxTopic {
			break
		}
		rarity, err := a.index.Rarity(ctx, w)
		if err != nil {
			return err
		}
		q.topic = append(q.topic, t)
		q.weight[t] = rarity
	}
	return nil
}

// whosePromises reads the direction: "did we promise" is ours, "promised us"
// and "did Norrgate promise" are theirs.
func whosePromises(text string, q question) side {
	switch {
	case speech.HasAny(text, "i promise|i promised|i commit|i committed|did i promise|did i commit|do i owe|i owe|have i promised|i said i would|my promises|my commitments"):
		return mine
	case speech.HasAny(text, "we promise|we promised|we commit|we committed|do we owe|we owe|have we promised|we said we would|our promises|our commitments"):
		return ours
	case speech.HasAny(text, "promised me|promised us|owe me|owe us|owes me|owes us|they promise|they promised|their promises"):
		return theirs
	}
	for _, address := range q.me.Addresses() {
		if anyIncludes(q.authors, store.Person{Email: address}) {
			return mine
		}
	}
	if len(q.authors) > 0 {
		return theirs
	}
	return ours
}
