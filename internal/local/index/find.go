// Package index finds things in the store: it cuts items into passages, makes
// full-text queries of what users type, and ranks and groups what is found.
package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/thesaurus"
)

// How passages are ranked. The weights are few and coarse on purpose, so that
// they do not fit the queries they were measured with.
const (
	titleWeight  = 2.0 // a subject is short, and says what a mail is about
	bodyWeight   = 1.0
	peopleWeight = 0.5 // everybody's name is in many items

	// quoteFactor: a quote finds what is nowhere else, but its source comes first.
	quoteFactor = 0.5

	// recencyBoost is what the newest item gains over the oldest; an item of
	// recencyAge gains half of it. Relevance decides, recency only breaks near ties.
	recencyBoost = 0.1
	recencyAge   = 30 * 24 * time.Hour

	// floor is the part of the best score below which a hit shares no more with
	// the query than common words. The best few are kept all the same: in a small
	// store bm25 takes every word for a common one.
	floor = 0.1
	few   = 5

	passagesPerItem = 6 // how many more passages than items are ranked
)

// Index searches a store.
type Index struct {
	store     *store.Store
	limits    limits
	meaning   *meaning // nil without a model
	thesaurus func() *thesaurus.Thesaurus
	written   written
}

// New returns an index over s, which finds things by their words.
func New(s *store.Store) *Index {
	return &Index{store: s, limits: usual(), thesaurus: sync.OnceValue(thesaurus.Read)}
}

// NewHybrid returns an index over s which finds things by what they are about, too,
// as far as the model's vectors of their passages are in s.
func NewHybrid(s *store.Store, model Embedder) *Index {
	x := New(s)
	x.meaning = newMeaning(s, model)
	return x
}

// Close ends what goes on in the background. The store is closed after it.
func (x *Index) Close() {
	if x.meaning != nil {
		x.meaning.close()
	}
}

// Request says what to find. Empty fields set no condition.
type Request struct {
	Text           string
	Kinds          []store.Kind
	From, To       time.Time // [From, To)
	Domains        []string  // senders', with their subdomains
	IntegrationIDs []string
	Limit          int  // of items of each kind
	Once           bool // of copies of one message only the best
	Now            time.Time
}

// Item is something that was found, by its passages, the best first.
type Item struct {
	Kind     store.Kind
	ID       string
	At       time.Time
	Score    float64
	Passages []store.Passage
}

// Find returns the items that match best, best first. Without a word in the
// text it finds nothing.
func (x *Index) Find(ctx context.Context, user store.User, req Request) ([]Item, error) {
	items, _, err := x.find(ctx, user, req)
	return items, err
}

// find is Find, with the words that the items are found by.
func (x *Index) find(ctx context.Context, user store.User, req Request) ([]Item, wanted, error) {
	kinds, err := x.kinds(ctx, user, req)
	if err != nil {
		return nil, wanted{}, err
	}
	c, err := x.candidates(ctx, req)
	if err != nil {
		return nil, wanted{}, err
	}
	var found []Item
	for _, kind := range kinds {
		one := req
		one.Kinds = []store.Kind{kind}
		hits, err := x.passages(ctx, user, one, c)
		if err != nil {
			return nil, wanted{}, fmt.Errorf("find %ss: %w", kind, err)
		}
		items := gather(hits)
		if req.Once && kind == store.KindMessage {
			if items, err = x.once(ctx, user, items, req.Limit); err != nil {
				return nil, wanted{}, err
			}
		}
		found = append(found, items[:min(len(items), req.Limit)]...)
	}
	slices.SortStableFunc(found, better)
	for i, item := range found {
		if i >= few && item.Score < floor*found[0].Score {
			return found[:i], c.wanted, nil
		}
	}
	return found, c.wanted, nil
}

// Passages returns the passages that match best, best first.
func (x *Index) Passages(ctx context.Context, user store.User, req Request) ([]store.Hit, error) {
	c, err := x.candidates(ctx, req)
	if err != nil {
		return nil, err
	}
	return x.passages(ctx, user, req, c)
}

// passages is Passages for a text that was read.
func (x *Index) passages(ctx context.Context, user store.User, req Request, c candidates) ([]store.Hit, error) {
	if c.match == "" {
		return nil, nil
	}
	newest, err := x.newest(ctx, user, req.Now)
	if err != nil {
		return nil, err
	}
	hits, err := x.fetch(ctx, user, req, c)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i].Score *= 1 + recencyBoost*recency(hits[i].At, newest)
		if strings.HasPrefix(hits[i].Body, QuoteMark) {
			hits[i].Score *= quoteFactor
		}
	}
	rank(hits, c.wanted)
	hits, err = x.fuse(ctx, conditions(user, req), c.query, hits)
	return spread(hits), err
}

// Rarity is how much it says that a text has a word, or words side by side, or one of
// the word's other forms: the logarithm of one in how many passages has it. What is
// nowhere says most.
func (x *Index) Rarity(ctx context.Context, word string, forms ...string) (float64, error) {
	const many = 20_000 // beyond which a word is a common one in any case
	said := append([]string{Phrase(word)}, spellings(forms)...)
	matching, all, err := x.store.Matches(ctx, strings.Join(said, " OR "), many)
	if err != nil {
		return 0, err
	}
	return math.Log(1 + float64(all+1)/float64(matching+1)), nil
}

// kinds are those that can match: a condition on senders leaves messages alone,
// and what there is none of need not be searched.
func (x *Index) kinds(ctx context.Context, user store.User, req Request) ([]store.Kind, error) {
	wanted := []store.Kind{store.KindMessage, store.KindMeeting, store.KindEvent, store.KindNote}
	if len(req.Kinds) > 0 {
		wanted = slices.Clone(req.Kinds)
	}
	there, err := x.store.Integrations(ctx, user.ID)
	if err != nil {
		return nil, fmt.Errorf("list what there is: %w", err)
	}
	return slices.DeleteFunc(wanted, func(k store.Kind) bool {
		return len(req.Domains) > 0 && k != store.KindMessage ||
			!slices.ContainsFunc(there, func(i store.Integration) bool { return i.Kind == k })
	}), nil
}

// newest is the time of the latest thing that is not ahead: recency counts from
// there, or else all of an old mailbox would be equally old.
func (x *Index) newest(ctx context.Context, user store.User, now time.Time) (time.Time, error) {
	hits, err := x.store.Passages(ctx, store.PassageQuery{UserID: user.ID, To: now.Add(time.Millisecond), Limit: 1})
	if err != nil {
		return now, fmt.Errorf("find the newest item: %w", err)
	}
	if len(hits) == 0 {
		return now, nil
	}
	return hits[0].At, nil
}

// gather puts passages, best first, together into items; an item is as good as
// its best passage.
func gather(hits []store.Hit) []Item {
	var items []Item
	at := map[string]int{}
	for _, h := range hits {
		i, ok := at[h.ItemID]
		if !ok {
			i = len(items)
			at[h.ItemID] = i
			items = append(items, Item{Kind: h.Kind, ID: h.ItemID, At: h.At, Score: h.Score})
		}
		items[i].Passages = append(items[i].Passages, h.Passage)
	}
	slices.SortStableFunc(items, better)
	return items
}

// better orders items by score, then newest first, then by id, so that equal
// questions get equal answers.
func better(a, b Item) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
}

// recency is 1 for what is as new as newest, and falls to 0 with the distance;
// what is ahead is as near as what is as long ago.
func recency(at, newest time.Time) float64 {
	distance := newest.Sub(at).Abs()
	return 1 / (1 + float64(distance)/float64(recencyAge))
}
