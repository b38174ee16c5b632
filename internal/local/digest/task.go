package digest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/when"
)

// assigned reports whether a statement gives somebody something to do, and whom.
func (t talk) assigned(at int, s speech.Statement) (owner string, ok bool) {
	u := t.said[at]
	text := own(s.Text)
	if t.medium == minuted { // "could have done it – AB to look": only one half is about what might be
		if owner, ok := t.third(s); ok {
			return owner, true
		}
	}
	if speech.HasAny(text, meanwhile) || speech.HasAny(text, boilerplate) || conditional(text) && !invitation.MatchString(s.Text) || t.medium == spoken && speech.HasAny(text, atOnce) {
		return "", false
	}
	if who, ok := t.dictated(s.Text); ok {
		return who, true
	}
	question := strings.HasSuffix(s.Text, "?")
	if !question && t.promises(text, s) {
		return name(u.author), true
	}
	if owner, ok := t.awaited(at, s); ok {
		return owner, true
	}
	if speech.HasAny(text, awaitLeads) || t.medium != mail && t.medium != minuted && speech.HasAny(text, feedbackLeads) {
		return t.asked(at, s), true
	}
	if t.medium != mail && t.medium != minuted && invitation.MatchString(s.Text) {
		return t.asked(at, s), true
	}
	if found, ok := lead(text, askLeads); ok && (!question || !wonders(text) || wonders(found)) {
		return t.asked(at, s), true
	}
	if _, ok := leadTo(text, mindLeads, isGerund); ok {
		return t.asked(at, s), true
	}
	if _, ok := leadTo(text, "please", func(rest string) bool { return begins(rest, "make sure|be sure to|do not forget to|don't forget to") }); ok && t.medium == spoken && later(s) {
		return t.asked(at, s), true
	}
	if owner, ok := t.third(s); ok {
		return owner, true
	}
	if question {
		return "", false
	}
	return t.duty(at, s, text)
}

// promises reports whether a sentence takes something on.
func (t talk) promises(text string, s speech.Statement) bool {
	if found, ok := lead(text, promiseLeads); ok && (found != "i can" || offers.MatchString(s.Text)) {
		return true
	}
	switch t.medium {
	case mail:
		return s.Signal.Has(speech.Promise) && hasDay(s)
	case minuted, channel, chat: // "will look into it", with nobody before it
		words := strings.TrimLeft(text, " ")
		if rest, ok := strings.CutPrefix(words, "will "); ok && !strings.HasPrefix(rest, "be ") && (isTask(rest) || t.medium == minuted && does(strings.Fields(rest))) {
			return true
		}
		if t.medium != minuted && s.Signal.Has(speech.Promise) && hasDay(s) {
			return true
		}
	case spoken:
		if t.undertakes(text, s) {
			return true
		}
	}
	return len(strings.Fields(text)) <= 7 && speech.HasAny(text, assentLeads)
}

// undertakes reports whether a speaker will do something after the meeting: of what
// has a day nearly everything is done then.
func (t talk) undertakes(text string, s speech.Statement) bool {
	if speech.HasAny(text, oweWords) {
		return true
	}
	if _, ok := leadTo(text, "let me", func(rest string) bool { return begins(rest, absences) && !begins(rest, idle) }); ok {
		return true
	}
	found, ok := leadTo(text, promiseLeads, func(rest string) bool {
		_, second, _ := strings.Cut(rest, " and ")
		return isDoable(rest) || isTask(second)
	})
	return (ok && found != "i can" || speech.HasAny(text, "i promised")) && later(s)
}

// offers is what "I can" stands behind that offers something: "a list that I can
// read" does not.
var offers = regexp.MustCompile(`(?i)(?:^|[^\pL\pN\s'’]\s*|^(?:and|but|now|also)\s+` +
	`|\b(?:yes|yeah|sure|okay|ok|maybe|perhaps|think|guess)\s+)i can\b`)

// duty reads what somebody, or everybody, has to do. In speech duties are mostly
// how things are, and what a list of people says that "we" should or will do is
// mostly an opinion.
func (t talk) duty(at int, s speech.Statement, text string) (owner string, ok bool) {
	task := isTask
	if t.medium == spoken {
		task = isDoable
	}
	if duty, ok := leadTo(text, dutyLeads, task); ok && (t.medium != spoken || later(s)) {
		switch {
		case strings.HasPrefix(duty, "i"):
			return name(t.said[at].author), true
		case strings.HasPrefix(duty, "you"):
			return t.advised(at, s)
		default:
			return "", t.medium != mail && t.medium != minuted
		}
	}
	if next := nextStep.FindStringSubmatch(text); next != nil && isTask(next[2]) {
		if next[1] == "my" {
			owner = name(t.said[at].author)
		}
		return owner, t.medium != minuted
	}
	if t.medium == spoken && speech.HasAny(text, dueWords) && hasDay(s) {
		return t.asked(at, s), true
	}
	if _, ok := lead(text, aimLeads); ok && later(s) {
		if t.medium == spoken || strings.Contains(text, " i ") {
			return name(t.said[at].author), t.medium != minuted
		}
	}
	if t.medium == spoken {
		first := strings.TrimSpace(filler.ReplaceAllString(text, " "))
		for _, word := range []string{"so ", "but ", "and "} {
			first = strings.TrimPrefix(first, word)
		}
		if begins(first, myDuties) {
			_, ok := lead(" "+first+" ", myDuties)
			return name(t.said[at].author), ok
		}
	}
	return "", t.grouped(s, text)
}

// filler is what may stand in a duty: "I really need to".
var filler = regexp.MustCompile(` (?:really|probably|actually|definitely|just) `)

// grouped reports whether all together are to do something.
func (t talk) grouped(s speech.Statement, text string) bool {
	_, ok := lead(text, groupLeads)
	switch t.medium {
	case mail:
		return ok && s.Signal.Has(speech.Promise) && (speech.HasAny(text, handovers) || later(s))
	case spoken:
		if ok && speech.HasAny(text, handovers) {
			return true
		}
		if !ok {
			_, ok = lead(text, "we can|let's")
		}
		return ok && (speech.HasAny(text, summons) || later(s))
	case minuted:
		return false
	case chat, channel:
	}
	return ok
}

// advised reads "you need to": what is said to one who is named, or alone, or has
// a day is to be done; else "you" is everybody.
func (t talk) advised(at int, s speech.Statement) (owner string, ok bool) {
	owner = t.asked(at, s)
	named := len(t.said[at].to) == 1 || slices.ContainsFunc(append(speech.Addressed(s.Text), mentioned(s.Text)...), func(word string) bool {
		_, ok := t.named(word)
		return ok
	})
	return owner, owner != "" && (t.medium == spoken || named || later(s))
}

// invitation is a bidding, as one puts it to everybody who listens: "and if you
// have time, take a look at it".
var invitation = regexp.MustCompile(`(?i)(?:^|[,;] )(?:(?:so|and|then|just|definitely|feel free to) )*(?:` + biddings + `)\b`)

// biddings are what everybody is bidden to do.
const biddings = `take a look at|have a look at|check (?:it|this|that|them) out|reach out to|get in touch with` +
	`|leave (?:a |your )?(?:comments?|feedback)|comment on|give feedback|provide feedback|fill (?:in|out)|sign up|add your`

// awaits is what somebody cannot go on without: "waiting for Ann to review it".
var awaits = regexp.MustCompile(`(?i)\b(?:waiting|blocked) (?:for|on) (\pL[\pL.'’ ]{0,40}?) to (\pL.*)$`)

// awaited reads who is waited for to do something.
func (t talk) awaited(at int, s speech.Statement) (owner string, ok bool) {
	m := awaits.FindStringSubmatch(s.Text)
	if m == nil || !isTask(speech.Plain(m[2])) {
		return "", false
	}
	switch strings.ToLower(m[1]) {
	case "you":
		return t.asked(at, s), true
	case "me":
		return name(t.said[at].author), true
	}
	return t.owners(m[1], knownName), true
}

// nextStep is "the next step for us is just to send it".
var nextStep = regexp.MustCompile(` (?:next (?:steps?|up)|(the|our|one|another|my) (?:action(?: items?)?|to dos?|todos?|homework))` +
	` (?:here )?(?:for \pL+ )?(?:is|are|would be|will be)(?: that)?(?: (?:just|basically|probably|really|then))*` +
	`(?: (?:we|i) (?:have|need))? to (.*)`)

var dictation = regexp.MustCompile(`(?i)\b(?:action items?|action point|to-?do)(?: here)?(?: is)? (?:for|on) (\pL+)\b`)

// dictated reads "action item for Ann", as one says it who wants it written down.
func (t talk) dictated(text string) (owner string, ok bool) {
	m := dictation.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return t.named(m[1])
}

// wonders reports whether a question wants to know something: "how would you
// compare the two?".
func wonders(text string) bool {
	return begins(strings.TrimSpace(text), "how|what|where|when|why|which|who|do|does|did|is|are|so how|so what|and how|and what|and where")
}

// later reports whether something is done after the talk in which it is said.
func later(s speech.Statement) bool {
	text := own(s.Text)
	return speech.HasAny(text, laterWords) || ahead.MatchString(text) || hasDay(s)
}

// ahead is "before the next release", or "by the fifteenth".
var ahead = regexp.MustCompile(` by the (?:end|middle|\pL*(?:first|second|third|th)|\d+(?:st|nd|rd|th)) ` +
	`| before (?:the|our) (?:\pL+ )?(?:` + occasions + `) `)

// occasions are what is prepared for.
const occasions = "meeting|call|launch|release|deadline|end|event|conference|demo|workshop|holidays|weekend"

func hasDay(s speech.Statement) bool {
	_, ok := when.FindAhead(s.Text, s.At)
	return ok
}

// lead finds the lead that a task follows, perhaps after an adverb or two. What
// somebody can do only then is none of it: "so I can send it".
func lead(text, leads string) (string, bool) { return leadTo(text, leads, isTask) }

// leadTo finds the lead that something follows that is a task by a rule.
func leadTo(text, leads string, task func(words string) bool) (string, bool) {
	for lead := range strings.SplitSeq(leads, "|") {
		before, rest, ok := strings.Cut(text, " "+lead+" ")
		last := before[strings.LastIndexByte(before, ' ')+1:]
		if oneOf(last, "so|then") && (strings.HasPrefix(lead, "if ") || runUp.MatchString(before)) {
			last = ""
		}
		if ok && !oneOf(last, misleading) && !strings.HasSuffix(last, "n't") && task(rest) {
			return lead, true
		}
	}
	return "", false
}

// runUp is what one says before a sentence begins, in which "so" is no "so that".
var runUp = regexp.MustCompile(`^(?: (?:okay|ok|yeah|yes|yep|right|well|alright|all|cool|great|and|but|so|then))+$`)

// wish is a condition that asks for itself, "if you could send it, that would be
// great", or is only a promise's, that there is time and nobody minds.
var wish = regexp.MustCompile(`^ if (?:` +
	`\pL+ (?:can|could) .* (?:would|will) be (?:\pL+ )?(?:great|good|nice|helpful|useful|awesome|appreciated)` +
	`|(?:at some point )?i (?:can )?(?:find|get|have) (?:some |the |enough )?time` +
	`|(?:nobody|no one) (?:objects|minds)` +
	`|(?:that's|it's) (?:okay|ok|fine|all right)) `)

// conditional reports whether a sentence says what would be, or what is not to be.
func conditional(text string) bool {
	return strings.HasPrefix(text, " if ") && !strings.Contains(text, " please ") && !wish.MatchString(text) ||
		speech.HasAny(text, unmeantWords)
}

func isTask(rest string) bool {
	words := strings.Fields(rest)
	for i := 0; i < len(words) && i < 5; i++ {
		after := strings.Join(words[i:], " ")
		switch {
		case begins(after, "sort of") || begins(after, "kind of"):
			i++
		case begins(after, taskPhrases):
			return !begins(after, idle)
		case words[i] == "get" || words[i] == "have": // "get it done"
			if becomes(words[i:min(len(words), i+8)]) && !begins(after, idle) {
				return true
			}
		case oneOf(words[i], tasks):
			return i < len(words)-1 && !begins(after, idle)
		case !oneOf(words[i], adverbs):
			return false
		}
	}
	return false
}

// isDoable reports whether words name what can be done, though they may as well be
// of what just happens: "give you the list", but not "be there".
func isDoable(rest string) bool {
	if isTask(rest) {
		return true
	}
	words := strings.Fields(rest)
	for len(words) > 0 && oneOf(words[0], doableAdverbs) {
		words = words[1:]
	}
	if len(words) > 1 && words[0] == "be" {
		return isGerund(strings.Join(words[1:], " "))
	}
	rest = strings.Join(words, " ")
	return len(words) > 1 && !oneOf(words[0], undone) && !prose.IsStopWord(words[0]) && !begins(rest, idle) || begins(rest, doable)
}

// becomes reports whether words get something to be as it shall be: "get it done",
// "get the contract signed".
func becomes(words []string) bool {
	return speech.HasAny(" "+strings.Join(words, " ")+" ", finished) ||
		slices.ContainsFunc(words[1:], func(w string) bool { return len(w) > 4 && strings.HasSuffix(w, "ed") && !oneOf(w, "need|indeed|speed") })
}

// isGerund reports whether words begin with a task that goes on: "sending it".
func isGerund(words string) bool {
	word, rest, _ := strings.Cut(strings.TrimSpace(words), " ")
	stem, ok := strings.CutSuffix(word, "ing")
	return ok && rest != "" && len(stem) > 2 && !begins(stem+" "+rest, idle) && !begins(stem+"e "+rest, idle) &&
		(oneOf(stem, tasks) || oneOf(stem+"e", tasks) || stem[len(stem)-1] == stem[len(stem)-2] && oneOf(stem[:len(stem)-1], tasks))
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
