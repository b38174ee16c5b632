package answer

import (
	"cmp"
	"context"
	"strings"

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

// empty reports whether nobody is known by the name.
func (p party) empty() bool { return len(p.addresses) == 0 && p.company == "" }

// includes reports whether a person is of the party.
func (p party) includes(who store.Person) bool {
	if p.addresses[strings.ToLower(who.Email)] || p.names[strings.ToLower(who.Name)] {
		return true
	}
	if p.company != "" && who.Email != "" {
		return speech.Company(who.Email) == p.company
	}
	return false
}

// mentioned reports whether a text names the party.
func (p party) mentioned(text string) bool {
	return strings.Contains(speech.Plain(text), speech.Plain(p.word))
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
	for i := 0; i < len(words) && len(q.parties) < maxParties; i++ {
		word, role := words[i], roleOf(words, i)
		if len(word) < 2 || prose.IsStopWord(strings.ToLower(word)) || strings.EqualFold(word, q.me.FirstName) {
			continue
		}
		if role == noRole && !strings.Contains(word, "@") && (i == 0 || !speech.Capitalized(word)) {
			continue
		}
		found, err := a.party(ctx, q.user, word)
		if err != nil {
			return err
		}
		if i+1 < len(words) && speech.Capitalized(word) && speech.Capitalized(words[i+1]) { // "Dana Whitfield"
			both, err := a.party(ctx, q.user, word+" "+words[i+1])
			if err != nil {
				return err
			}
			if len(both.addresses) > 0 {
				found = both
				role = max(role, roleOf(words, i+1))
				i++
			}
		}
		if found.empty() && (role == noRole || !speech.Capitalized(word)) {
			continue
		}
		q.parties = append(q.parties, found)
		if role == author && !found.empty() {
			q.authors = append(q.authors, found)
		}
	}
	return nil
}

// role is what a name does in a question.
type role int

const (
	noRole role = iota
	counterpart
	author
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
	case before == "from" && word(i-2) != "over" || before == "by":
		return author
	case verb && speech.Capitalized(words[i]) || verb && (before == "did" || before == "does" || before == "has" || before == "what"):
		return author
	case before == "with" || before == "to" || before == "owe" || before == "promise" || before == "promised":
		return counterpart
	}
	return noRole
}

// party finds whom a name may stand for.
func (a *Answerer) party(ctx context.Context, user store.User, name string) (party, error) {
	p := party{word: name, addresses: map[string]bool{}, names: map[string]bool{}}
	name = strings.ToLower(name)
	label := name
	if strings.Contains(name, ".") && !strings.Contains(name, "@") { // "from acme.com"
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
		case e.Email == name || called(e, first, last):
			if len(p.addresses) < maxNamesakes {
				p.addresses[e.Email] = true
				p.names[strings.ToLower(e.Name)] = true
			}
		case label != "" && speech.Company(e.Email) == label:
			p.company = label
		}
	}
	delete(p.names, "")
	return p, nil
}

// called reports whether a contact has the name. Without one, the address often
// tells: dana.whitfield@, dwhitfield@.
func called(e store.Entity, first, last string) bool {
	local, _, _ := strings.Cut(e.Email, "@")
	if last == "" {
		return speech.SameName(first, e.Name) || speech.SameName(first, local) || len(local) > 3 && local[1:] == first
	}
	if speech.SameName(first, e.Name) && speech.SameName(last, e.Name) || speech.SameName(first, local) && speech.SameName(last, local) {
		return true
	}
	return local == first[:1]+last || local == first+last[:1]
}
