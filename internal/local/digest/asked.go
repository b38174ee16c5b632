package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// asked finds out who is asked: whom the sentence names, who agrees, the only
// reader, or in a meeting who speaks next.
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
	if who, ok := t.agrees(at); ok {
		return name(who)
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

// agrees finds who takes on what was just asked for, with the first they say.
func (t talk) agrees(at int) (store.Person, bool) {
	const soon = 3 // turns
	if t.medium == mail || t.medium == minuted {
		return store.Person{}, false
	}
	for _, u := range t.said[at+1 : min(len(t.said), at+1+soon)] {
		if len(u.said) == 0 || sameSpeaker(u, t.said[at]) {
			continue
		}
		first := strings.TrimSpace(own(u.said[0].Text))
		if begins(first, agreedWords) {
			return u.author, true
		}
	}
	return store.Person{}, false
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

// third reads "Dana will send the plan", "Dana and Bob to send the plan" and
// "let's have Dana send the plan", of those who are in the talk.
func (t talk) third(s speech.Statement) (owner string, ok bool) {
	question := strings.HasSuffix(s.Text, "?")
	words := strings.Fields(s.Text)
	reach := 8 // words, before somebody must be named
	if t.medium == minuted {
		reach = len(words)
	}
	for i, w := range words[:min(len(words), reach)] {
		rest := words[i+1:]
		w = strings.TrimRight(w, ",:")
		if short, is := strings.CutSuffix(strings.ReplaceAll(w, "’", "'"), "'s"); is && len(rest) > 0 && oneOf(rest[0], "going|gonna") {
			w, rest = short, append([]string{"is"}, rest...)
		}
		full, ok := t.subject(words[:i], w)
		if !ok {
			continue
		}
		if len(rest) > 1 && strings.HasSuffix(strings.ToLower(full), strings.ToLower(rest[0])) { // the surname
			rest = rest[1:]
		}
		had := i > 0 && oneOf(strings.ToLower(words[i-1]), "have|get|let")
		if !had && (question || !t.led(&rest)) { // "can we have Dana send it?"
			continue
		}
		task := isTask
		if t.medium == spoken && later(s) {
			task = isDoable
		}
		what := strings.TrimSpace(speech.Plain(strings.Join(rest, " ")))
		going, is := strings.CutPrefix(what, "be ")
		if task(what) || is && isGerund(going) || t.medium == minuted && initials.MatchString(w) && does(rest) {
			return t.both(words[:i], full), true
		}
	}
	return "", false
}

// subject finds who is called by a word after others, unless these make them the
// object of something: "a letter from Dana", "sent it to Bob and Dana".
func (t talk) subject(before []string, word string) (full string, ok bool) {
	if first, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(first) {
		return "", false
	}
	full, ok = t.person(word)
	last := ""
	if n := len(before); n > 0 {
		last = strings.ToLower(before[n-1])
	}
	joins := oneOf(last, "and|&|or")
	if _, known := t.named(word); ok && !known && last != "" && !joins && !oneOf(last, "but|so") && !strings.ContainsAny(last[len(last)-1:], ".:,;") {
		return "", false // capitals, but perhaps no initials
	}
	const reach = 4 // words, over which "to" leads two people
	for _, w := range before[max(0, len(before)-reach):] {
		if joins && oneOf(w, "with|from|to|of|for") {
			return "", false
		}
	}
	if last == "that" && speech.HasAny(speech.Plain(strings.Join(before, " ")), "agreed that|decided that|agree that") {
		return full, ok
	}
	if n := len(before); last == "like" && n > 1 && (strings.HasSuffix(strings.ToLower(before[n-2]), "'d") || before[n-2] == "would") {
		return full, ok
	}
	return full, ok && !oneOf(last, "with|from|of|by|for|to|like|than|about|if|when|hope|that|which|who|where|as")
}

// led takes off what stands between a name and its task.
func (t talk) led(words *[]string) bool {
	rest := *words
	for _, n := range []int{1, 2, 3} {
		if len(rest) <= n || t.medium != minuted && len(rest) == n+1 {
			return false
		}
		if oneOf(strings.ToLower(strings.Join(rest[:n], " ")), thirdLeads) {
			*words = rest[n:]
			return true
		}
	}
	return false
}

// does reports whether words begin with what may be done, in minutes that call
// people by their initials: "HT to resend it".
func does(words []string) bool {
	word := strings.ToLower(strings.Trim(words[0], ".,;:"))
	first, _ := utf8.DecodeRuneInString(words[0])
	return unicode.IsLower(first) && len(word) > 2 && !prose.IsStopWord(word) && !oneOf(word, "not|never|probably|likely|happy|good|possibly|miss")
}

// both adds to an owner who is named before: "Dana and Bob".
func (t talk) both(before []string, owner string) string {
	n := len(before)
	if n < 2 || !oneOf(before[n-1], "and|&|or") {
		return owner
	}
	if other, ok := t.person(strings.TrimRight(before[n-2], ",")); ok {
		return other + ownerJoint + owner
	}
	return owner
}
