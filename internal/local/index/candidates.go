package index

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// limits are how much one search reads. FTS5 ranks all that matches, so that in a
// large mailbox a word that is in every tenth mail takes a second; and its bm25
// walks through all that has a word to learn how rare it is, however little is
// ranked.
type limits struct {
	small  int64 // passages: a store of no more is ranked as it is
	ranked int   // matches that are ranked
	walked int   // matches that are walked through
	enough int   // matches that are worth ranking

	patience time.Duration // that it takes to look for other forms or spellings of a word; a search goes on without
}

func usual() limits {
	return limits{small: 20_000, ranked: 4_000, walked: 400_000, enough: 150, patience: 100 * time.Millisecond}
}

// mostCount is how many matches of a word are counted; beyond, they are estimated.
const mostCount = 1_000

// candidates are the passages among which a query finds the best.
type candidates struct {
	query
	match     string // the expression, "" without a word
	newerThan int64  // only passages from after this one are looked at

	best []store.Score // of a large store: of all users and kinds
	more bool          // best is not all that matches
}

// candidates chooses what of a query is looked for. In a large store that are its
// rarest words, as many as can be ranked in time; where all are common, passages
// that have several of them; and of a single common word the newest. What a
// candidate has of the other words counts when it is ranked (see rank).
func (x *Index) candidates(ctx context.Context, req Request) (candidates, error) {
	q, err := x.read(ctx, req.Text)
	if err != nil {
		return candidates{}, err
	}
	c := candidates{query: q, match: q.String()}
	last, err := x.store.LastPassage(ctx)
	if err != nil || last <= x.limits.small || c.match == "" {
		return c, err
	}
	words, err := x.frequencies(ctx, q.words)
	if err != nil {
		return candidates{}, err
	}
	c.choose(x.limits, words, last)
	ahead := 2 * passagesPerItem * req.Limit
	c.best, err = x.store.Rank(ctx, c.match, weights(), c.newerThan, ahead)
	c.more = len(c.best) == ahead || c.newerThan > 0
	return c, err
}

// counted is a word, and how many passages have it.
type counted struct {
	forms []string
	n     int
}

// frequencies are those of words, the rarest first.
func (x *Index) frequencies(ctx context.Context, words [][]string) ([]counted, error) {
	all := make([]counted, 0, len(words))
	for _, forms := range words {
		one := counted{forms: forms}
		for _, form := range forms {
			n, err := x.store.Frequency(ctx, form, mostCount)
			if err != nil {
				return nil, err
			}
			one.n += n
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
	return all, nil
}

// choose has as few words looked for as there must be among passages up to the
// last. The words come rarest first.
func (c *candidates) choose(l limits, words []counted, last int64) {
	rare, matches := 0, 0
	for rare < len(words) && matches+words[rare].n <= l.ranked {
		matches += words[rare].n
		rare++
	}
	if rare == len(words) {
		return
	}
	if matches >= l.enough {
		c.match = c.any(words[:rare])
		return
	}
	t := together(l, words[rare:], last)
	switch {
	case matches == 0:
		c.match, c.newerThan = t.match, t.newerThan
	case t.newerThan > 0 || t.walked > l.walked: // they would add little, and take long
		c.match = c.any(words[:rare])
	default:
		c.match = c.any(words[:rare]) + " OR " + t.match
	}
}

// any are words and the phrases that they are part of.
func (c *candidates) any(words []counted) string {
	var terms, phrases []string
	for _, w := range words {
		terms = append(terms, w.forms...)
	}
	for _, p := range c.phrases {
		if slices.ContainsFunc(p.of, func(form string) bool { return slices.Contains(terms, form) }) {
			phrases = append(phrases, p.operand)
		}
	}
	return strings.Join(append(distinct(terms), distinct(phrases)...), " OR ")
}

// common is what passages have that have several common words.
type common struct {
	match     string
	newerThan int64 // from after which passage on there are not too many; 0 for all
	walked    int   // how many matches are walked through to rank them
}

// together looks for common words in passages that have as many of them as enough
// passages are likely to have.
func together(l limits, words []counted, last int64) (t common) {
	likely := float64(last)
	var all []string
	for i, w := range words {
		next := likely * float64(w.n) / float64(last)
		if i > 0 && t.walked+w.n > l.walked || i > 1 && next < float64(l.enough) {
			break
		}
		likely, t.walked = next, t.walked+w.n
		all = append(all, "("+strings.Join(w.forms, " OR ")+")")
	}
	t.match = strings.Join(all, " AND ")
	if most := float64(l.ranked); likely > most {
		t.newerThan = last - int64(float64(last)*most/likely)
	}
	return t
}

// fetch reads the candidates that a request allows, the best first.
func (x *Index) fetch(ctx context.Context, user store.User, req Request, c candidates) ([]store.Hit, error) {
	wanted := store.PassageQuery{
		UserID: user.ID, Kinds: req.Kinds, From: req.From, To: req.To, Domains: req.Domains,
		IntegrationIDs: req.IntegrationIDs, Limit: req.Limit * passagesPerItem,
	}
	// Most requests allow all candidates, so no more are read than are wanted.
	for _, n := range []int{wanted.Limit, len(c.best)} {
		if n = min(n, len(c.best)); n == 0 {
			break
		}
		hits, err := x.store.Scored(ctx, c.best[:n], wanted)
		if err != nil || len(hits) == wanted.Limit || n == len(c.best) && !c.more {
			return hits, err
		}
	}
	wanted.Match, wanted.Weights = c.match, weights()
	if c.newerThan == 0 {
		return x.store.Passages(ctx, wanted)
	}
	wanted.Newest = true
	hits, err := x.store.Passages(ctx, wanted)
	for i := range hits {
		hits[i].Score = 1
	}
	return hits, err
}

func weights() store.Weights {
	return store.Weights{Title: titleWeight, Body: bodyWeight, People: peopleWeight}
}
