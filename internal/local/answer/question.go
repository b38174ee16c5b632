package answer

import (
	"context"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/prose"
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
	decisions                 // what was decided
	digest                    // what happened
)

// intentWords tell the intents apart, the first that fits wins. Phrases are
// words as plain() has them.
func intentWords() []struct {
	intent intent
	any    string
} {
	return []struct {
		intent intent
		any    string
	}{
		{prepare, "before my meeting|before my call|before the meeting|before the call|before i meet|before i see|prepare me|prepare for|prep for|prep me|meeting prep|prepare my"},
		{attention, "my attention|need attention|needs attention|what is urgent|what's urgent|anything urgent|what should i do|what do i need to do|what should i focus|priorities|on my plate|what is at risk|what's at risk|daily digest|daily rundown|daily briefing"},
		{questions, "open question|open questions|unanswered|waiting for me|waiting for my|waiting on me|who is waiting|who's waiting|need to reply|need to answer|should i reply|should i answer|owe an answer|owe a reply|haven't answered|have not answered|asked me|asking me"},
		{tasks, "action item|action items|to dos|todos|to do list|my tasks|open tasks|follow ups|follow up items"},
		{promises, "promise|promised|promises|commit to|committed|commitment|commitments|owe|owes|said i would|said we would|said they would"},
		{lastMeeting, "last meeting|latest meeting|previous meeting|last call|latest call|summarize the meeting|summarise the meeting|meeting notes|minutes of|recap of the meeting"},
		{decisions, "decide|decided|decision|decisions|agreed on|agree on|what was agreed|what did we agree"},
		{calendar, "what meetings|which meetings|any meetings|my meetings|what events|which events|my calendar|my schedule|my agenda|on the calendar|appointments|when is|when's|when are|next meeting|when do i meet|what time is|meetings do i|free time|am i free"},
		{digest, "what happened|what's new|what is new|catch me up|catch up|summarize|summarise|summary|recap|overview|what did i miss|anything new"},
	}
}

// topicless are the words that only say the intent, by their stems: what is
// left of a question is its topic.
func topicless(intent intent) string {
	const common = " week today tomorrow yesterday month day time "
	switch intent {
	case attention:
		return common + "attent need urgent focus prioriti plate risk digest rundown brief daili includ sourc messag meet use thing "
	case questions:
		return common + "open question unansw wait repli answer ow ask peopl anyon "
	case tasks:
		return common + "action item task follow open todo do list outstand current "
	case promises:
		return common + "promis commit ow "
	case prepare:
		return common + "meet call prepar prep know "
	case lastMeeting:
		return common + "last latest previous meet call summari summar minut note recap "
	case decisions:
		return common + "decid decis agre make made "
	case calendar:
		return common + "meet event calendar schedul agenda appoint next upcom call free come have "
	case digest:
		return common + "happen new catch summari summar recap overview miss email mail messag "
	case said:
		return common + "say said tell told write wrote think thought ask mention "
	}
	return ""
}

// question is what was understood.
type question struct {
	text   string
	user   store.User
	me     self
	now    time.Time // in the user's zone
	intent intent
	period when.Period // zero when the question names none
	topic  []string    // stems
	search string      // what to search for

	parties []party
	authors []party // of whom words are wanted: "what did Sarah say"
	theirs  bool    // promises of others are wanted, not ours

	integrations map[string]bool // empty for all
}

func (q question) inPeriod(t time.Time) bool { return q.period.Phrase == "" || q.period.Contains(t) }

func (q question) wants(integration string) bool {
	return len(q.integrations) == 0 || q.integrations[integration]
}

// understand reads a question.
func (a *Answerer) understand(ctx context.Context, user store.User, in attrove.QueryIn, now time.Time) (question, error) {
	q := question{
		text: in.Query, user: user, me: newSelf(user), now: now.In(user.Location()), integrations: map[string]bool{},
	}
	for _, id := range in.IntegrationIDs {
		q.integrations[id] = true
	}
	rest := in.Query
	if period, ok := when.ParsePeriod(in.Query, q.now); ok {
		q.period = period
		rest = strings.Replace(rest, period.Phrase, " ", 1)
	}
	text := plain(in.Query)
	for _, i := range intentWords() {
		if q.intent == lookUp && containsAny(text, i.any) {
			q.intent = i.intent
		}
	}
	if err := a.findParties(ctx, &q, rest); err != nil {
		return q, err
	}
	if q.intent == lookUp && len(q.authors) > 0 {
		q.intent = said
	}
	q.theirs = q.intent == promises && theirPromises(text, q)
	q.setTopic(rest)
	if len(q.topic) == 0 && q.intent == lookUp { // "And since then?": go on with the topic before
		for _, turn := range in.History {
			if turn.Role == roleUser {
				q.search = string(turn.Content)
				q.topic = prose.Terms(q.search)
			}
		}
	}
	return q, nil
}

func (q *question) setTopic(text string) {
	drop := topicless(q.intent)
	names := map[string]bool{}
	for _, p := range q.parties {
		for _, w := range prose.Words(p.word) {
			names[prose.Stem(w)] = true
		}
	}
	for _, t := range prose.Terms(text) {
		// A name is a topic unless it says who speaks, with whom or to whom.
		if !strings.Contains(drop, " "+t+" ") && (!names[t] || q.intent == lookUp && len(q.authors) == 0) {
			q.topic = append(q.topic, t)
		}
	}
	q.search = text
}

// theirPromises reads the direction: "did we promise" is ours, "promised us"
// and "did Norrgate promise" are theirs.
func theirPromises(text string, q question) bool {
	if containsAny(text, "i promise|i promised|we promise|we promised|did i promise|did we promise|do i owe|do we owe|i owe|we owe|have i promised|have we promised|my promises|our promises|i commit|we commit|i said i would|did i commit|did we commit|my commitments|our commitments") {
		return false
	}
	return len(q.authors) > 0 || containsAny(text, "promised me|promised us|owe me|owe us|owes me|owes us|they promise|they promised|their promises")
}

func containsAny(text, phrases string) bool {
	for phrase := range strings.SplitSeq(phrases, "|") {
		if strings.Contains(text, " "+phrase+" ") {
			return true
		}
	}
	return false
}

// maxNamesakes is how many people one word of a question may stand for.
const maxNamesakes = 50

// findParties finds the people and companies that a question names: words with
// a capital letter, addresses, and what follows "from", "with" and the like.
func (a *Answerer) findParties(ctx context.Context, q *question, text string) error {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n,;?!()\"“”", r) })
	for i, raw := range words {
		word := strings.TrimSuffix(strings.TrimSuffix(strings.Trim(raw, ".'’"), "'s"), "’s")
		lower := strings.ToLower(word)
		role := roleOf(words, i)
		if len(lower) < 2 || prose.IsStopWord(lower) || lower == q.me.firstName {
			continue
		}
		if role == noRole && !strings.Contains(word, "@") && (i == 0 || !capitalized(word)) {
			continue
		}
		found, err := a.party(ctx, q.user, lower)
		if err != nil {
			return err
		}
		if len(found.addresses) == 0 && len(found.names) == 0 && found.company == "" {
			continue
		}
		found.word = word
		q.parties = append(q.parties, found)
		if role == author {
			q.authors = append(q.authors, found)
		}
	}
	return nil
}

// role is what a name does in a question.
type role int

const (
	noRole role = iota
	author
	counterpart
)

// roleOf reads the words around a name: "from Sarah", "did Sarah say", "with
// ACME", "Sarah promised".
func roleOf(words []string, i int) role {
	word := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return strings.ToLower(words[i])
	}
	verb := false
	for _, next := range []string{word(i + 1), word(i + 2)} { // "Sarah say", "Sarah Lee say"
		switch next {
		case "say", "said", "says", "write", "wrote", "tell", "told", "think", "thinks", "thought", "ask", "asked", "want", "wants", "wanted",
			"mention", "mentioned", "suggest", "suggested", "propose", "proposed", "promise", "promised", "commit", "owe", "owes":
			verb = true
		}
	}
	switch before := word(i - 1); {
	case before == "from" || before == "by":
		return author
	case verb && capitalized(words[i]) || verb && (before == "did" || before == "does" || before == "has" || before == "what"):
		return author
	case before == "with" || before == "to" || before == "owe" || before == "promise" || before == "promised":
		return counterpart
	}
	return noRole
}

// party finds whom a word may stand for.
func (a *Answerer) party(ctx context.Context, user store.User, word string) (party, error) {
	p := party{addresses: map[string]bool{}, names: map[string]bool{}}
	entities, err := a.store.Entities(ctx, user.ID, store.EntityFilter{Contains: word, Limit: 20 * maxNamesakes})
	if err != nil {
		return p, err
	}
	label := word
	if strings.Contains(word, ".") && !strings.Contains(word, "@") { // "from acme.com"
		label = company("x@" + word)
	}
	for _, e := range entities {
		switch {
		case e.Email == word || sameName(word, e.Name):
			if len(p.addresses) < maxNamesakes {
				p.addresses[e.Email] = true
				p.names[strings.ToLower(e.Name)] = true
			}
		case label != "" && company(e.Email) == label:
			p.company = label
		}
	}
	delete(p.names, "")
	if label != word {
		p.company = label
	}
	return p, nil
}
