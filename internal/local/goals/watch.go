package goals

import (
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Watch tells which of a user's goals an item may concern, before it is stored
// and without asking the store. It knows no rarity, so it says yes to more than
// Evaluate takes in: an evaluation too many changes nothing. Of a reply that names
// nobody and nothing it knows only at the next planned evaluation.
//
// The zero Watch watches nothing.
type Watch struct {
	goals  []watched
	people map[string][]int // goals by handle, those of companies by "@" and domain
	words  map[string][]int // terms by the first of their stems
	terms  []watchedTerm
	begins map[string]bool // first letters of words, which stemming keeps
}

type watched struct {
	id    string
	kinds []store.Kind
	from  time.Time
	seed  int // how many words of the seed query are enough; 0 for none
}

type watchedTerm struct {
	goal  int
	stems []string
	seed  bool
}

// NewWatch watches active goals. Handles are those of the entities that their
// scopes name, by id.
func NewWatch(goals []store.Goal, handles map[string][]string) Watch {
	w := Watch{people: map[string][]int{}, words: map[string][]int{}, begins: map[string]bool{}}
	for i, g := range goals {
		for _, id := range g.Scope.EntityIDs {
			for _, h := range handles[id] {
				w.people[h] = append(w.people[h], i)
			}
		}
		for _, k := range g.Scope.Keywords {
			w.term(watchedTerm{goal: i, stems: stems(k)})
		}
		seed := prose.Terms(g.Scope.SeedQuery)
		for _, stem := range seed {
			w.term(watchedTerm{goal: i, stems: []string{stem}, seed: true})
		}
		w.goals = append(w.goals, watched{id: g.ID, kinds: kindsOf(g.Scope.SourceTypes), from: g.CreatedAt.Add(-reach), seed: (len(seed) + 2) / 3})
	}
	return w
}

func (w *Watch) term(t watchedTerm) {
	if len(t.stems) == 0 {
		return
	}
	first := t.stems[0]
	w.words[first] = append(w.words[first], len(w.terms))
	w.terms = append(w.terms, t)
	w.begins[beginning(first)] = true
}

// beginning is the part of a word that its stem has, too.
func beginning(word string) string {
	for i := range word {
		if i > 0 {
			return word[:i]
		}
	}
	return word
}

// Goals returns the ids of the goals that an item may concern, in the order in
// which they were given.
func (w Watch) Goals(kind store.Kind, at time.Time, named []store.Participant, texts ...string) []string {
	if len(w.goals) == 0 {
		return nil
	}
	hit := make([]bool, len(w.goals))
	for _, p := range named {
		for _, g := range w.people[p.Handle] {
			hit[g] = true
		}
		for _, g := range w.people["@"+people.Organization(p.Handle)] {
			hit[g] = true
		}
	}
	if len(w.terms) > 0 {
		w.read(named, texts, hit)
	}
	var ids []string
	for i, g := range w.goals {
		if hit[i] && slices.Contains(g.kinds, kind) && !at.Before(g.from) {
			ids = append(ids, g.id)
		}
	}
	return ids
}

// read looks for the terms in the texts and in the names of people.
func (w Watch) read(named []store.Participant, texts []string, hit []bool) {
	seeds := make([]int, len(w.goals))
	seen := make([]bool, len(w.terms))
	for _, text := range texts {
		w.scan(text, seen)
	}
	for _, p := range named {
		w.scan(p.Name, seen)
		w.scan(p.Handle, seen)
	}
	for i, t := range w.terms {
		if !seen[i] {
			continue
		}
		if !t.seed {
			hit[t.goal] = true
			continue
		}
		if seeds[t.goal]++; seeds[t.goal] >= w.goals[t.goal].seed {
			hit[t.goal] = true
		}
	}
}

// scan marks the terms that a text has. It stems only words that begin as a term
// does.
func (w Watch) scan(text string, seen []bool) {
	words := prose.Words(text)
	for i, word := range words {
		if !w.begins[beginning(word)] {
			continue
		}
		for _, n := range w.words[prose.Stem(word)] {
			t := w.terms[n]
			seen[n] = seen[n] || len(words)-i >= len(t.stems) && slices.EqualFunc(words[i:i+len(t.stems)], t.stems, isForm)
		}
	}
}

// isForm reports whether a word has a stem.
func isForm(word, stem string) bool {
	return strings.HasPrefix(word, beginning(stem)) && prose.Stem(word) == stem
}
