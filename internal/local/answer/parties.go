package answer

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/antzucaro/matchr"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What is looked up for the names in one question.
const (
	maxParties   = 8  // names
	maxNamesakes = 50 // people for whom one name may stand
)

// party is somebody whom a question names: people, or all of a company.
type party struct {
	word      string // as the question has it
	addresses map[string]bool
	names     map[string]bool // lower case, full
	company   string
}

// empty reports whether no address is known by the name.
func (p party) empty() bool { return len(p.addresses) == 0 && p.company == "" }

// known reports whether anybody is known by the name, if only in chat or by voice.
func (p party) known() bool { return !p.empty() || len(p.names) > 0 }

// isPerson reports whether the party is no company.
func (p party) isPerson() bool { return p.company == "" }

// includes reports whether a person is of the party. Who speaks in a transcript has
// no address: there the name decides.
func (p party) includes(who store.Person) bool {
	if p.addresses[strings.ToLower(who.Email)] || p.names[strings.ToLower(who.Name)] {
		return true
	}
	if (who.Email == "" || p.empty()) && p.calls(who.Name) {
		return true
	}
	if p.company != "" && who.Email != "" {
		return speech.Company(who.Email) == p.company
	}
	return false
}

// calls reports whether all words of the party's name are in a name.
func (p party) calls(name string) bool {
	words := prose.Words(p.word)
	if len(words) > 1 && words[0] == "speaker" {
		words = words[1:]
	}
	wrong := 0
	for _, w := range words {
		switch {
		case speech.SameName(w, name):
		case len(words) > 1 && nearName(w, name):
			wrong++
		default:
			return false
		}
	}
	return len(words) > 0 && wrong < 2
}

// nearName reports whether a word is one of the words of a name but for a letter.
func nearName(word, name string) bool {
	const fewest = 6 // letters
	return len(word) >= fewest && slices.ContainsFunc(prose.Words(name), func(part string) bool { return matchr.OSA(word, part) == 1 })
}

// isCalled reports whether a first name is one of the party's.
func (p party) isCalled(first string) bool {
	for name := range p.names {
		if speech.SameName(first, name) {
			return true
		}
	}
	return speech.SameName(first, p.word)
}

// mentioned reports whether a text names the party.
func (p party) mentioned(text string) bool {
	return p.word != "" && strings.Contains(speech.Plain(text), speech.Plain(p.word))
}

func anyIncludes(parties []party, people ...store.Person) bool {
	for _, p := range parties {
		for _, who := range people {
			if p.includes(who) {
				return true
			}
		}
	}
	return false
}

// findParties finds the people and companies that a question names: words with
// a capital letter, addresses, and what follows "from", "with" and the like.
func (a *Answerer) findParties(ctx context.Context, q *question, text string) error {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n,;?!()\"“”", r) })
	for i := range words {
		words[i] = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(words[i], ".'’"), "'s"), "’s")
	}
	var row []party // named right before: "Ann, Ben and" Cy
	end := 0        // of the last name
	for i := 0; i < len(words) && len(q.parties) < maxParties; {
		next := i + 1
		for next < len(words) && next-i < longestName && named(words[i]) && named(words[next]) { // "Dana Whitfield"
			next++
		}
		found, role, used, err := a.longestParty(ctx, q, words, i, next)
		if err != nil {
			return err
		}
		begin := i
		i += max(used, 1)
		known := !found.empty() || found.known() && asksWhoIs.MatchString(q.text)
		if used == 0 || !known && (role == noRole || !speech.Capitalized(found.word)) {
			continue
		}
		q.parties = append(q.parties, found)
		if !inRow(words[end:begin]) {
			row = nil
		}
		row, end = append(row, found), i
		if role == author { // what the last of a row does, all of them do
			q.authors = append(q.authors, row...)
			row = nil
		}
	}
	return nil
}

// inRow reports whether words between two names only put them side by side.
func inRow(between []string) bool {
	return len(between) == 0 || len(between) == 1 && (between[0] == "and" || between[0] == "&")
}

// longestName is of how many words a name may be.
const longestName = 4

// named reports whether a word may be part of a name.
func named(word string) bool {
	return speech.Capitalized(word) && !prose.IsStopWord(strings.ToLower(word))
}

// longestParty finds whom the words from begin to end stand for: as many of them
// as somebody is known by, or all where they stand where a name does. It returns of
// how many words the name is, 0 for none.
func (a *Answerer) longestParty(ctx context.Context, q *question, words []string, begin, end int) (found party, as role, used int, err error) {
	for n := end; n > begin; n-- {
		word, role := strings.Join(words[begin:n], " "), roleOf(words, begin, n)
		if n == begin+1 && (prose.IsStopWord(strings.ToLower(word)) || strings.EqualFold(word, q.me.FirstName) || len(word) < 2 && role != author) {
			return party{}, noRole, 0, nil
		}
		if role == noRole && !strings.Contains(word, "@") && (begin == 0 && n == 1 || !speech.Capitalized(word)) {
			return party{}, noRole, 0, nil
		}
		one, err := a.party(ctx, q.user, word)
		if err != nil {
			return party{}, noRole, 0, err
		}
		if !one.empty() {
			return one, role, n - begin, nil
		}
		if n == end {
			found, as, used = one, role, n-begin
		}
	}
	if found.empty() && as != noRole && !found.known() && speech.Capitalized(found.word) {
		near, err := a.misspelt(ctx, q.user, found.word)
		if err != nil {
			return party{}, noRole, 0, err
		}
		if near.known() {
			return near, as, used, nil
		}
	}
	if used > 1 && as == noRole { // a heading, or a name that nobody has: its words count one by one
		used = 1
	}
	return found, as, used, nil
}

// obliged are the verbs after which "to" leads to another one.
var obliged = regexp.MustCompile(`^(?:has|have|had|having|needs?|needed|wants?|wanted|going|supposed|meant|ought|used` +
	`|able|likes?|tr(?:y|ies|ied)|plans?|planned)$`)

// role is what a name does in a question.
type role int

const (
	noRole role = iota
	counterpart
	author
)

// verbs are what authors do.
var verbs = regexp.MustCompile("^" + telling + "$|^(?:promised?|commit|committed|owes?|discuss(?:ed)?)$")

// roleOf reads the words around the name from begin to end: "from Sarah", "did
// Sarah say", "with ACME", "Sarah promised".
func roleOf(words []string, begin, end int) role {
	word := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return strings.ToLower(words[i])
	}
	verb := verbs.MatchString(word(end)) || verbs.MatchString(word(end+1)) // "Sarah say", "Sarah really think"
	noun := end < len(words) && strings.Contains("|opinion|opinions|view|views|position|concerns|concern|answer|reply|reaction|thoughts|stance|words|attitude|conclusion|", "|"+word(end)+"|")
	switch before := word(begin - 1); {
	case strings.ContainsAny(words[begin], "0123456789") && !strings.Contains(words[begin], "@"): // no name
	case before == "from" && word(begin-2) != "over" || before == "by", before == "to" && word(begin-2) == "according":
		return author
	case (verb || noun) && speech.Capitalized(words[begin]) || verb && (before == "did" || before == "does" || before == "has" || before == "what"):
		return author
	case before == "to" && obliged.MatchString(word(begin-2)): // "who has to"
	case before == "with" || before == "to" || before == "owe" || before == "promise" || before == "promised":
		return counterpart
	}
	return noRole
}

var domainName = regexp.MustCompile(`^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$`)

// party finds whom a name may stand for.
func (a *Answerer) party(ctx context.Context, user store.User, name string) (party, error) {
	p := party{word: name, addresses: map[string]bool{}, names: map[string]bool{}}
	name = strings.ToLower(name)
	label := name
	if domainName.MatchString(name) { // "from acme.com"
		label = speech.Company("x@" + name)
		p.company = label
	}
	first, last, _ := strings.Cut(name, " ")
	entities, err := a.store.Entities(ctx, user.ID, store.EntityFilter{Contains: cmp.Or(last, first), Limit: 20 * maxNamesakes})
	if err != nil {
		return p, err
	}
	for _, e := range entities {
		switch {
		case e.Type == "company":
			if label != "" && speech.Company("x@"+e.Name) == label {
				p.company = label
			}
		case slices.Contains(e.Handles, name) || called(e, first, last):
			if len(p.addresses) < maxNamesakes {
				for _, address := range e.Addresses() {
					p.addresses[address] = true
				}
				p.names[strings.ToLower(e.Name)] = true
			}
		case label != "" && slices.ContainsFunc(e.Addresses(), func(a string) bool { return speech.Company(a) == label }):
			p.company = label
		}
	}
	delete(p.names, "")
	return p, nil
}

// misspelt finds the one person whose name is another but for a letter: of a first and
// a last name one is right. The party is empty where there is none, or several.
func (a *Answerer) misspelt(ctx context.Context, user store.User, name string) (party, error) {
	const fewest, begins = 4, 3 // letters of a name, and those at the beginning that are right where it stands alone
	p := party{word: name, addresses: map[string]bool{}, names: map[string]bool{}}
	words := prose.Words(name)
	if len(words) > 2 {
		return p, nil
	}
	full := ""
	for i, word := range words {
		letters := []rune(word)
		if len(letters) < fewest || len(words) == 1 && len(letters) <= fewest {
			continue
		}
		certain := string(letters[:begins])
		if len(words) == 2 {
			certain = words[1-i]
		}
		entities, err := a.store.Entities(ctx, user.ID, store.EntityFilter{Contains: certain, Limit: 20 * maxNamesakes})
		if err != nil {
			return p, err
		}
		for _, e := range entities {
			parts := prose.Words(e.Name)
			right := func(w string) bool { return slices.Contains(parts, w) }
			near := slices.ContainsFunc(parts, func(part string) bool { return matchr.OSA(word, part) == 1 })
			if e.Type == "company" || !near || right(word) || len(words) == 2 && !right(words[1-i]) {
				continue
			}
			if full != "" && !strings.EqualFold(full, e.Name) {
				return party{word: name}, nil
			}
			full = e.Name
			for _, address := range e.Addresses() {
				p.addresses[address] = true
			}
		}
	}
	if full != "" {
		p.names[strings.ToLower(full)] = true
	}
	return p, nil
}

// called reports whether a contact has the name. Without one, the address often
// tells: dana.whitfield@, dwhitfield@.
func called(e store.Entity, first, last string) bool {
	for _, address := range e.Addresses() {
		if local, _, _ := strings.Cut(address, "@"); reads(local, first, last) {
			return true
		}
	}
	if last == "" {
		return speech.SameName(first, e.Name)
	}
	return speech.SameName(first, e.Name) && speech.SameName(last, e.Name)
}

// reads reports whether the part of an address before the @ is made of a name.
func reads(local, first, last string) bool {
	if last == "" {
		return speech.SameName(first, local) || len(local) > 3 && local[1:] == first
	}
	return speech.SameName(first, local) && speech.SameName(last, local) || local == first[:1]+last || local == first+last[:1]
}
