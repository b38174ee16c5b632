package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// actions finds what is to be done and is not done.
func (t talk) actions() []Action {
	var out []Action
	for i, u := range t.said {
		if u.machine {
			continue
		}
		for j, s := range u.said {
			owner, ok := t.assigned(i, s)
			if !ok || s.Machine || t.done(i, j, owner) || takenUp(out, owner, s) {
				continue
			}
			if t.medium != spoken && t.asks(u, j) && t.answered(i, s, assents) { // what was wanted is there
				continue
			}
			s.Text = t.inContext(i, s)
			out = append(out, Action{Statement: s, Owner: owner})
		}
	}
	return out
}

// inContext is a statement with what it answers, if it says little by itself:
// "I'll take that."
func (t talk) inContext(at int, s speech.Statement) string {
	const few, steps = 3, 2
	if len(prose.Terms(s.Text)) >= few {
		return s.Text
	}
	n := slices.IndexFunc(t.said[at].said, func(o speech.Statement) bool { return o.Order == s.Order })
	before := texts(t.said[at].said[:max(0, n)])
	if at > 0 && t.medium != mail {
		before = append(texts(t.said[at-1].said), before...)
	}
	text := s.Text
	for _, one := range slices.Backward(before[max(0, len(before)-steps):]) {
		text = one + " " + text
		if common(one, one) >= few-1 {
			break
		}
	}
	return text
}

// takenUp reports whether a statement of an owner's only repeats what they are
// to do already.
func takenUp(known []Action, owner string, s speech.Statement) bool {
	return slices.ContainsFunc(known, func(a Action) bool { return a.Owner == owner && prose.Alike(a.Text, s.Text) })
}

// assigned reports whether a statement gives somebody something to do, and whom.
func (t talk) assigned(at int, s speech.Statement) (owner string, ok bool) {
	u := t.said[at]
	text := own(s.Text)
	if speech.HasAny(text, meanwhile) || speech.HasAny(text, boilerplate) || conditional(text) {
		return "", false
	}
	if label, rest, ok := strings.Cut(s.Text, ":"); ok && oneOf(strings.ToLower(label), "todo|to do|action item|action|ai") && len(prose.Terms(rest)) > 1 {
		return t.asked(at, s), true
	}
	question := strings.HasSuffix(s.Text, "?")
	_, promised := lead(text, promiseLeads)
	switch {
	case question:
	case promised, s.Signal.Has(speech.Promise) && hasDay(s), t.medium != mail && len(strings.Fields(text)) <= 7 && speech.HasAny(text, assentLeads):
		return name(u.author), true
	case speech.HasAny(text, awaitLeads):
		return t.asked(at, s), true
	}
	if _, ok := lead(text, askLeads); ok && (!question || !wonders(text)) {
		return t.asked(at, s), true
	}
	if owner, ok := t.third(s); ok {
		return owner, true
	}
	if question {
		return "", false
	}
	// In speech duties are mostly how things are, and what a list of people says
	// that "we" should or will do is mostly an opinion.
	if duty, ok := lead(text, dutyLeads); ok && (t.medium != spoken || hasDay(s)) {
		switch {
		case strings.HasPrefix(duty, "i "):
			return name(u.author), true
		case strings.HasPrefix(duty, "you"):
			owner := t.asked(at, s)
			return owner, owner != ""
		default:
			return "", t.medium != mail
		}
	}
	_, ok = lead(text, groupLeads)
	return "", ok && (t.medium != mail || s.Signal.Has(speech.Promise))
}

// wonders reports whether a question wants to know something: "how would you
// compare the two?".
func wonders(text string) bool {
	return begins(strings.TrimSpace(text), "how|what|where|when|why|which|who|do|does|did|is|are|so how|so what|and how|and what|and where")
}

func hasDay(s speech.Statement) bool {
	_, ok := when.FindAhead(s.Text, s.At)
	return ok
}

// lead finds the lead that a task follows, perhaps after an adverb or two. What
// somebody can do only then is none of it: "so I can send it".
func lead(text, leads string) (string, bool) {
	for lead := range strings.SplitSeq(leads, "|") {
		before, rest, ok := strings.Cut(text, " "+lead+" ")
		last := before[strings.LastIndexByte(before, ' ')+1:]
		if ok && !oneOf(last, "so|then|otherwise|until|if|when|that|than|where|hope|before|what|whatever|how|which|wish|think") && isTask(rest) {
			return lead, true
		}
	}
	return "", false
}

// conditional reports whether a sentence says what would be, or what is not to be.
func conditional(text string) bool {
	return strings.HasPrefix(text, " if ") && !strings.Contains(text, " please ") ||
		speech.HasAny(text, "if i could|i would have|i wish|i'll be honest|not going to|i can't|i cannot|we can't|we cannot|don't need to|don't have to|doesn't need|doesn't have to|need not|should have|could have|would have|prefer that")
}

func isTask(rest string) bool {
	words := strings.Fields(rest)
	for i := 0; i < len(words)-1 && i < 5; i++ {
		switch {
		case oneOf(words[i], tasks):
			return !begins(strings.Join(words[i:], " "), idle)
		case !oneOf(words[i], adverbs):
			return false
		}
	}
	return false
}

func begins(text, phrases string) bool {
	for phrase := range strings.SplitSeq(phrases, "|") {
		if rest, ok := strings.CutPrefix(text, phrase); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// oneOf reports whether a word is in a list that | divides.
func oneOf(word, list string) bool {
	for one := range strings.SplitSeq(list, "|") {
		if one == word {
			return true
		}
	}
	return false
}

// asked finds out who is asked: whom the sentence names, the only reader, or in
// a meeting who speaks next.
func (t talk) asked(at int, s speech.Statement) string {
	u := t.said[at]
	for _, word := range append(speech.Addressed(s.Text), mentioned(s.Text)...) {
		if full, ok := t.named(word); ok && !strings.EqualFold(full, u.author.Name) {
			return full
		}
	}
	for _, word := range speech.Addressed(s.Before) {
		if full, ok := t.named(word); ok {
			return full
		}
	}
	if t.medium == spoken && strings.HasSuffix(s.Text, "?") && s.After == "" && at+1 < len(t.said) { // who is asked last speaks next
		return name(t.said[at+1].author)
	}
	if len(u.to) == 1 {
		return name(u.to[0])
	}
	if p, ok := t.quoted(at); ok {
		return name(p)
	}
	if t.medium == mail && len(u.said) > 0 { // "Hi Dana," leads a whole mail
		for _, word := range speech.Addressed(u.said[0].Text) {
			if full, ok := t.named(word); ok {
				return full
			}
		}
	}
	return ""
}

// quoted finds whom a message answers: whose words it quotes.
func (t talk) quoted(at int) (store.Person, bool) {
	u := t.said[at]
	if strings.TrimSpace(u.quotes) == "" {
		return store.Person{}, false
	}
	for _, before := range slices.Backward(t.said[:at]) {
		if !sameSpeaker(before, u) && slices.ContainsFunc(before.said, func(s speech.Statement) bool {
			return len(s.Text) > 20 && strings.Contains(u.quotes, speech.Plain(s.Text))
		}) {
			return before.author, true
		}
	}
	return store.Person{}, false
}

// mentioned are the names after an @, and the one that ends a sentence: "can you
// take this, Dana?".
func mentioned(text string) []string {
	var names []string
	words := strings.Fields(text)
	for i, w := range words {
		if name, ok := strings.CutPrefix(w, "@"); ok || i > 0 && i == len(words)-1 && strings.HasSuffix(words[i-1], ",") {
			names = append(names, strings.TrimFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }))
		}
	}
	return names
}

// third reads "Dana will send the plan" and "Dana to send the plan", of somebody
// who is in the talk.
func (t talk) third(s speech.Statement) (owner string, ok bool) {
	if strings.HasSuffix(s.Text, "?") {
		return "", false
	}
	words := strings.Fields(s.Text)
	for i, w := range words[:min(len(words), 8)] {
		full, known := t.named(strings.TrimRight(w, ",:"))
		if first, _ := utf8.DecodeRuneInString(w); !known || !unicode.IsUpper(first) {
			continue
		}
		rest := words[i+1:]
		if len(rest) > 1 && strings.HasSuffix(strings.ToLower(full), strings.ToLower(rest[0])) { // the surname
			rest = rest[1:]
		}
		if len(rest) < 3 || !oneOf(strings.ToLower(rest[0]), thirdLeads) {
			if len(rest) < 4 || !oneOf(strings.ToLower(rest[0]+" "+rest[1]), thirdLeads) {
				continue
			}
			rest = rest[1:]
		}
		if isTask(speech.Plain(strings.Join(rest[1:], " "))) {
			return full, true
		}
	}
	return "", false
}

// done reports whether somebody said later that an action is done: its owner or
// whoever wanted it, of the same thing, or as the next they say in a thread.
func (t talk) done(at, n int, owner string) bool {
	action := t.said[at].said[n]
	action.Text = t.inContext(at, action)
	vague := common(action.Text, action.Text) < 2
	next := true // the owner's next word
	for _, u := range t.said[at+1:] {
		who := name(u.author)
		if owner != "" && who != owner && who != name(action.Author) {
			continue
		}
		for _, s := range u.said {
			if !reportsDone(s) {
				continue
			}
			answers := next && who == owner && (t.medium == mail || t.medium == chat)
			if common(s.Text, action.Text) >= 2 || answers && (vague || common(s.Text+" "+s.Before, action.Text) >= 1) {
				return true
			}
		}
		next = next && who != owner
	}
	return false
}

func reportsDone(s speech.Statement) bool {
	if s.Signal.Has(speech.Ask) || s.Signal.Has(speech.Promise) || s.Signal.Has(speech.Overdue) {
		return false
	}
	text := speech.Plain(s.Text)
	return !speech.HasAny(text, "not|isn't|hasn't|haven't|wasn't|didn't|never|still") && (s.Signal.Has(speech.Settled) || speech.HasAny(text, doneWords))
}

// urgency is what an owner and a day add to an action's weight.
func urgency(a Action) float64 {
	score := 0.0
	if a.Owner != "" {
		score++
	}
	if a.Signal.Has(speech.Promise) {
		score += 0.5
	}
	if _, ok := when.FindDeadline(a.Text, a.At); ok {
		score++
	}
	return score
}
