package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/when"
)

const (
	// What a promise begins with; what it promises follows.
	promiseLeads = "i'll|i will|let me|i can|i'm going to|i am going to|i promise|i promised|i'm gonna|i shall|happy to|i volunteer to|i plan to|i'd like to|i would like to|i want to"
	groupLeads   = "we'll|we will|we're going to|we are going to|we shall|we need to|we have to|we should|we must|let's|we gonna|we're gonna"
	askLeads     = "can you|could you|would you|will you|please|need you to|want you to|ask you to|you should|you need to|you'll need to|if you could|would be great if|would be good if|would be nice if|would be helpful if|would appreciate if|encourage everyone to|encourage people to|action item|todo"
	thirdLeads   = "will|is going to|to|should|needs to|has to|must|promised to|agreed to|volunteered to|can|could|please"
	// Words between the lead and what is to be done.
	adverbs = "also|just|then|probably|definitely|certainly|try|to|and|make|sure|kindly|quickly|maybe|please|go|ahead|start|be|able|now|soon|actually|really|all|i|we|you|still|each|both|either|at|least|have|plan|not|forget|everyone|teams|team|people|anyone|someone"
)

// tasks are the verbs of things that take doing after the talk. What is done
// while it goes on (say, show, hear, scroll) is none.
const tasks = "add|adjust|announce|apply|approve|arrange|ask|assign|audit|backport|benchmark|bring|build|bump|calculate|call|change|check|circulate|clarify|clean|collect|comment|compile|complete|compute|configure|confirm|contact|continue|contribute|convert|coordinate|correct|cover|create" +
	"|debug|decide|define|deliver|deploy|describe|design|develop|diagnose|document|double|draft|drop|email|ensure|enable|evaluate|examine|extend|file|fill|finalize|finalise|find|finish|fix|follow|forward|gather|generate|get|give|handle|help|implement|improve|include|inform|integrate|introduce|investigate|invite" +
	"|join|keep|land|launch|look|mail|measure|merge|message|migrate|monitor|move|negotiate|notify|offer|open|order|organise|organize|patch|pay|ping|pick|plan|post|prepare|present|profile|propose|prototype|provide|publish|push|put|queue|raise|reach|rebase|recommend|record|redo|refactor|register|release|remind|remove|rename|reopen|repair|replace|reply|report|repost|reproduce|request|research|resend|resolve|respin|restart|revert|review|revise|rewrite|rework|run" +
	"|schedule|send|set|setup|share|ship|sign|simplify|solve|sort|specify|split|study|submit|summarise|summarize|switch|sync|take|test|track|transfer|translate|triage|update|upload|upgrade|verify|visit|work|write|approach|attend|book|buy|cancel|chase|close|cut|end|fetch|fly|host|import|export|install|list|meet|name|rebuild|receive|return|roll|sell|store|support|train|try|use|volunteer|wrap"

// idle are beginnings that look like tasks and are not.
const idle = "let you know|let you go|get started|get into|get back to it|get going|give it a minute|give it another|give you a|give a quick|give people|give it back|take questions|take it from|take over|move on|move to the next|move forward|go over|go through|share my screen|share the screen|share screen|share my|share your screen|stop sharing|see your screen|hand it|hand over|put the link|put it in the chat|post it in the chat|post the link|post in the chat|drop it in|drop the link|drop a link|drop off|keep it short|keep it quick|keep this|keep going|close the|wrap up|end the|end it|start with|help if|call it|try to keep|move over|paste|call you|present the|work for|use this time|use the time|find it|check if you|get to that|get to the|get the|give everyone|give a few|join us next|use that|add that i|add one|add to|add just|pick one|take that|take this|check the box"

// actions finds what is to be done and is not done.
func (t talk) actions() []Action {
	var out []Action
	for i, u := range t.said {
		if u.machine {
			continue
		}
		for j, s := range u.said {
			owner, ok := t.assigned(i, s)
			if !ok || t.done(i, j, owner) || takenUp(out, owner, s) {
				continue
			}
			out = append(out, Action{Statement: s, Owner: owner})
		}
	}
	return out
}

// takenUp reports whether a statement of an owner's only repeats what they are
// to do already.
func takenUp(known []Action, owner string, s speech.Statement) bool {
	return slices.ContainsFunc(known, func(a Action) bool { return a.Owner == owner && prose.Alike(a.Text, s.Text) })
}

// assigned reports whether a statement gives somebody something to do, and whom.
func (t talk) assigned(at int, s speech.Statement) (owner string, ok bool) {
	u := t.said[at]
	text := speech.Plain(s.Text)
	if speech.HasAny(text, idle) || conditional(text) {
		return "", false
	}
	for _, form := range []struct {
		leads string
		ask   bool
	}{{promiseLeads, false}, {askLeads, true}, {groupLeads, false}} {
		if !does(text, form.leads) {
			continue
		}
		switch {
		case form.ask:
			return t.asked(at, s), true
		case strings.HasSuffix(s.Text, "?"):
			continue
		case form.leads == groupLeads && t.medium == mail && !s.Signal.Has(speech.Promise):
			continue // a list of people says often what "we should" do
		case form.leads == groupLeads:
			return "", true
		}
		return speech.Call(u.author), true
	}
	return t.third(s)
}

func conditional(text string) bool {
	return strings.HasPrefix(text, " if ") && !strings.Contains(text, " please ") || speech.HasAny(text, "if i could|i would have|i wish|i'll be honest|not going to|i can't|i cannot|we can't|we cannot|don't need to|don't have to|doesn't need|doesn't have to|need not|should have|could have|would have")
}

// does reports whether one of the leads is followed by a task, perhaps after an
// adverb or two.
func does(text, leads string) bool {
	for lead := range strings.SplitSeq(leads, "|") {
		_, rest, ok := strings.Cut(text, " "+lead+" ")
		if ok && isTask(rest) {
			return true
		}
	}
	return false
}

func isTask(rest string) bool {
	words := strings.Fields(rest)
	for i := 0; i < len(words) && i < 5; i++ {
		switch {
		case oneOf(words[i], tasks):
			return len(prose.Terms(strings.Join(words[i+1:], " "))) >= 1
		case !oneOf(words[i], adverbs):
			return false
		}
	}
	return false
}

func oneOf(word, list string) bool { return strings.Contains("|"+list+"|", "|"+word+"|") }

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
	if len(u.to) == 1 {
		return speech.Call(u.to[0])
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
	next := true // the owner's next word
	for _, u := range t.said[at+1:] {
		name := speech.Call(u.author)
		if owner != "" && name != owner && name != speech.Call(action.Author) {
			continue
		}
		for _, s := range u.said {
			if !reportsDone(s) {
				continue
			}
			if common(s.Text, action.Text) >= 2 || next && name == owner && t.medium != channel && t.medium != spoken && common(s.Text+" "+s.Before, action.Text) >= 1 {
				return true
			}
		}
		next = next && name != owner
	}
	return false
}

const doneWords = "i've|i have|done|merged|sent|posted|uploaded|published|finished|completed|fixed|shipped|signed|is out|is up|is live|went out|has been|were|was|we've|we have|just did|took care"

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
