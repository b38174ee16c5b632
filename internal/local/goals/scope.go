package goals

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	// nameBonus is how much more a name says than a common word that is as rare:
	// in a small workspace "Osterveld" is in as many mails as "renewal".
	nameBonus = 1.5

	// enough is the share of a seed query's words, weighed by how rare they are,
	// that an item must hold; of its names it must hold one.
	enough = 0.4

	maxSeedTerms = 6  // the rarest, which are paired into one expression
	maxTerms     = 64 // keywords, and alternatives of one expression: FTS5 limits how deep it is
	maxPeople    = 64 // watched entities
)

// rare is the rarity from which a word tells by itself: it is in one of a hundred
// passages, or fewer.
func rare() float64 { return math.Log(1 + 100) }

// common is the rarity of people who are in one of eight passages, or more.
func common() float64 { return math.Log(1 + 8) }

// term is a keyword of a scope, or a word of its seed query.
type term struct {
	text   string
	stems  []string // of its words, which stand side by side
	weight float64
	tells  bool // an item that has it belongs to the goal
}

// scope is what a goal watches, made ready for search.
type scope struct {
	keywords []term
	seed     []term
	people   map[string]bool // handles that tell: what involves them belongs to the goal
	entities []string        // ids of those people, and of companies
	weak     map[string]bool // handles that tell only beside a keyword
	beside   []string        // ids of those
	title    []term          // names in the title: a common keyword tells beside them
	kinds    []store.Kind
}

// scope reads a goal's watch scope.
func (e *Evaluator) scope(ctx context.Context, user store.User, g store.Goal) (scope, error) {
	s := scope{people: map[string]bool{}, weak: map[string]bool{}, kinds: kindsOf(g.Scope.SourceTypes)}
	var err error
	if s.keywords, err = e.keywords(ctx, g.Scope.Keywords); err != nil {
		return s, err
	}
	if s.seed, err = e.seed(ctx, g.Scope.SeedQuery); err != nil {
		return s, err
	}
	if err := e.people(ctx, user, g.Scope.EntityIDs, &s); err != nil {
		return s, err
	}
	for _, w := range strings.Fields(g.Title) {
		if t := (term{text: w, stems: stems(w)}); isName(w) && len(t.stems) > 0 && !prose.IsStopWord(strings.ToLower(w)) {
			s.title = append(s.title, t)
		}
	}
	return s, nil
}

// keywords weighs the keywords. A name tells, and so does a rare word. Where
// there is neither, the rarest do.
func (e *Evaluator) keywords(ctx context.Context, words []string) ([]term, error) {
	terms, err := e.terms(ctx, words)
	if err != nil {
		return nil, err
	}
	best, some := 0.0, false
	for i, t := range terms {
		terms[i].tells = isName(t.text) || t.weight >= rare()
		some = some || terms[i].tells
		best = max(best, t.weight)
	}
	for i, t := range terms {
		terms[i].tells = t.tells || !some && t.weight >= 0.6*best
	}
	return terms, nil
}

// seed weighs the words of a seed query, and keeps the rarest.
func (e *Evaluator) seed(ctx context.Context, query string) ([]term, error) {
	var words []string
	for _, w := range strings.Fields(query) {
		if w = strings.TrimFunc(w, unicode.IsPunct); w != "" && !prose.IsStopWord(strings.ToLower(w)) {
			words = append(words, w)
		}
	}
	terms, err := e.terms(ctx, words)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(terms, func(a, b term) int { return int(math.Copysign(1, b.weight-a.weight)) })
	terms = terms[:min(len(terms), maxSeedTerms)]
	total := weigh(terms)
	for i, t := range terms {
		terms[i].tells = t.weight >= enough*total
	}
	return terms, nil
}

func (e *Evaluator) terms(ctx context.Context, words []string) ([]term, error) {
	var out []term
	for _, w := range words[:min(len(words), maxTerms)] {
		t := term{text: w, stems: stems(w)}
		if len(t.stems) == 0 || slices.ContainsFunc(out, func(o term) bool { return slices.Equal(o.stems, t.stems) }) {
			continue
		}
		rarity, err := e.index.Rarity(ctx, w)
		if err != nil {
			return nil, fmt.Errorf("weigh %q: %w", w, err)
		}
		t.weight = rarity
		if isName(w) {
			t.weight *= nameBonus
		}
		out = append(out, t)
	}
	return out, nil
}

// people finds who the watched entities are. Somebody of the user's own side, or
// who is in every other mail, tells only beside a keyword, if there are any.
func (e *Evaluator) people(ctx context.Context, user store.User, ids []string, s *scope) error {
	me := speech.NewSelf(user)
	others := len(s.keywords)+len(s.seed) > 0
	for _, id := range ids[:min(len(ids), maxPeople)] {
		entity, err := e.store.Entity(ctx, user.ID, id)
		if errors.Is(err, store.ErrNotFound) { // deleted with its last item
			continue
		}
		if err != nil {
			return fmt.Errorf("watched entity: %w", err)
		}
		tells, err := e.tells(ctx, entity)
		if err != nil {
			return err
		}
		addresses, err := e.store.AddressesOf(ctx, user.ID, id)
		if err != nil {
			return err
		}
		ours := slices.ContainsFunc(addresses, func(a string) bool { return me.Ours(store.Person{Email: a}) })
		to := s.people
		if others && (ours || !tells) {
			to = s.weak
			s.beside = append(s.beside, id)
		} else {
			s.entities = append(s.entities, id)
		}
		for _, handle := range slices.Concat(entity.Handles, addresses) {
			to[handle] = true
		}
		if name := people.NameHandle(entity.Name, ""); name != "" { // as chat and transcripts have them
			to[name] = true
		}
	}
	return nil
}

// tells reports whether an entity is in few enough passages to tell by itself
// what a goal is about.
func (e *Evaluator) tells(ctx context.Context, entity store.Entity) (bool, error) {
	for _, id := range entity.IDs() {
		rarity, err := e.index.Rarity(ctx, id)
		if err != nil {
			return false, fmt.Errorf("weigh an entity: %w", err)
		}
		if rarity < common() {
			return false, nil
		}
	}
	return true, nil
}

// match is the FTS5 expression of what may belong to the goal by its words: what
// tells by itself, and pairs of what does not. It is "" when words tell nothing.
func (s scope) match() string {
	var alternatives []string
	both := func(a, b term) {
		alternatives = append(alternatives, "("+index.Phrase(a.text)+" AND "+index.Phrase(b.text)+")")
	}
	for _, t := range slices.Concat(s.keywords, s.seed) {
		if t.tells {
			alternatives = append(alternatives, index.Phrase(t.text))
		}
	}
	for _, k := range s.keywords {
		for _, name := range s.title {
			if !k.tells && !slices.Equal(k.stems, name.stems) {
				both(k, name)
			}
		}
	}
	total := weigh(s.seed)
	for i, a := range s.seed {
		for _, b := range s.seed[i+1:] {
			if !a.tells && !b.tells && a.weight+b.weight >= enough*total {
				both(a, b)
			}
		}
	}
	return strings.Join(alternatives[:min(len(alternatives), maxTerms)], " OR ")
}

// text is what an item says, as scopes see it.
type text struct{ stems []string }

func textOf(parts ...string) text { return text{stems: stems(strings.Join(parts, "\n"))} }

// has reports whether the text has the term's words side by side.
func (t text) has(of term) bool {
	for i, s := range t.stems {
		if s == of.stems[0] && len(t.stems)-i >= len(of.stems) && slices.Equal(t.stems[i:i+len(of.stems)], of.stems) {
			return true
		}
	}
	return false
}

// tells reports whether a text belongs to the goal by its words: it has a keyword
// that tells, or a common one beside what the title names, or enough of the seed
// query. Around is what else is known of it.
func (s scope) tells(t, around text) bool {
	for _, k := range s.keywords {
		if t.has(k) && (k.tells || s.named(k, t, around)) {
			return true
		}
	}
	has, total, named, names := 0.0, weigh(s.seed), false, false
	for _, w := range s.seed {
		there := t.has(w) || around.has(w)
		if there {
			has += w.weight
		}
		names = names || isName(w.text)
		named = named || there && isName(w.text)
	}
	return total > 0 && has >= enough*total && named == names
}

// named reports whether a text has a name of the title, other than the keyword.
func (s scope) named(keyword term, t, around text) bool {
	return slices.ContainsFunc(s.title, func(name term) bool {
		return !slices.Equal(name.stems, keyword.stems) && (t.has(name) || around.has(name))
	})
}

// mentions reports whether a text has a keyword, however common.
func (s scope) mentions(t text) bool {
	return slices.ContainsFunc(slices.Concat(s.keywords, s.seed), t.has)
}

func weigh(terms []term) (total float64) {
	for _, t := range terms {
		total += t.weight
	}
	return total
}

func stems(words string) []string {
	out := prose.Words(words)
	for i, w := range out {
		out[i] = prose.Stem(w)
	}
	return out
}

// isName reports whether a word, or one of several, is written as names and
// numbers are.
func isName(words string) bool {
	return strings.ContainsFunc(words, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) })
}

// kindsOf are the kinds of items that source types ask for; without any, all.
func kindsOf(types []attrove.SourceType) []store.Kind {
	if len(types) == 0 {
		return []store.Kind{store.KindMessage, store.KindMeeting, store.KindEvent, store.KindNote}
	}
	var kinds []store.Kind
	for _, t := range types {
		switch t {
		case attrove.SourceMessages:
			kinds = append(kinds, store.KindMessage)
		case attrove.SourceMeetings:
			kinds = append(kinds, store.KindMeeting)
		case attrove.SourceEvents:
			kinds = append(kinds, store.KindEvent)
		case attrove.SourceNotes:
			kinds = append(kinds, store.KindNote)
		}
	}
	return kinds
}
