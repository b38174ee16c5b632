package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Crowd is the most people that an item may name and still say that they have to
// do with each other. A mail to more of them is a notice; it would relate each
// to all.
const Crowd = 20

// Relationship is two entities that items name together.
type Relationship struct {
	A, B   Entity
	Count  int       // of items
	LastAt time.Time // of the last that is not to come; zero when all are
}

// Graph is who appears with whom in a user's items, as known at one moment.
type Graph struct {
	ties []tie     // the strongest first
	next time.Time // of the first item still to come; zero for none
}

// tie is an edge of the graph.
type tie struct {
	pair
	count int32
	last  int64 // in ms; 0 for none
}

// pair is two entities, each the one that stands for a person, by their seq: the
// less one first. A large graph has millions, so they are kept small.
type pair struct{ a, b int32 }

// Current reports whether a graph still holds at a time after it was made, while
// nothing is stored: then only time can change it.
func (g *Graph) Current(now time.Time) bool { return g.next.IsZero() || now.Before(g.next) }

// stronger orders ties.
func stronger(x, y tie) int {
	if x.count != y.count { // as most
		return cmp.Compare(y.count, x.count)
	}
	return cmp.Or(cmp.Compare(y.last, x.last), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
}

// of are the ties of one entity.
func (g *Graph) of(seq int64) []tie {
	var ties []tie
	for _, t := range g.ties {
		if int64(t.a) == seq || int64(t.b) == seq {
			ties = append(ties, t)
		}
	}
	return ties
}

// Graph counts in how many of a user's items each two entities appear. It reads
// who is named in all items there are, in the order of an index: that takes less
// than to look for those of the user.
func (s *Store) Graph(ctx context.Context, userID string, now time.Time) (*Graph, error) {
	return s.graph(ctx, userID, now, "true")
}

// GraphAround is Graph of the items that name an entity, which has all of its
// relationships; nil where there are more than so many.
func (s *Store) GraphAround(ctx context.Context, userID string, of Entity, most int, now time.Time) (*Graph, error) {
	const theirs = `FROM participants WHERE entity IN (SELECT seq FROM entities WHERE seq = ?1 OR same_as = ?1)`
	n, err := one(ctx, s, scalar[int], `SELECT count(*) FROM (SELECT 1 `+theirs+` LIMIT ?2)`, of.Seq, most+1)
	if err != nil {
		return nil, fmt.Errorf("relationships: %w", err)
	}
	if n > most {
		return nil, nil
	}
	return s.graph(ctx, userID, now, `p.item_id IN (SELECT item_id `+theirs+`)`, of.Seq)
}

// graph counts in the items that a condition on the participants p holds for. SQLite
// reads them while others are counted, which takes as long.
func (s *Store) graph(ctx context.Context, userID string, now time.Time, condition string, args ...any) (*Graph, error) {
	heads, err := s.heads(ctx, userID)
	if err != nil {
		return nil, fmt.Errorf("relationships: %w", err)
	}
	g := &Graph{}
	together := tally{heads: heads, place: map[pair]int{}}
	group, ctx := errgroup.WithContext(ctx)
	items := make(chan []naming, 2)
	group.Go(func() error {
		defer close(items)
		return s.namings(ctx, items, func(ms int64) int64 {
			at := fromMillis(ms)
			if !at.After(now) {
				return ms
			}
			if g.next.IsZero() || at.Before(g.next) {
				g.next = at
			}
			return 0
		}, condition, args...)
	})
	group.Go(func() error {
		for some := range items {
			for _, item := range some {
				if err := together.add(item.entities, item.at); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("relationships: %w", err)
	}
	g.ties = together.ties
	slices.SortFunc(g.ties, stronger)
	return g, nil
}

// naming is the entities that an item names, by their seqs with commas, and when it was;
// 0 for one that is to come.
type naming struct {
	entities string
	at       int64
}

// batchNamings is how many are handed over at once.
const batchNamings = 500

// namings hands over what items name for which a condition on the participants p holds.
func (s *Store) namings(ctx context.Context, to chan<- []naming, at func(ms int64) int64, condition string, args ...any) error {
	var some []naming
	hand := func() error {
		select {
		case to <- some:
			some = make([]naming, 0, batchNamings)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, err := collect(ctx, s, func(rows *sql.Rows) (none struct{}, err error) {
		var one naming
		if err := rows.Scan(&one.at, &one.entities); err != nil {
			return none, err
		}
		one.at = at(one.at)
		if some = append(some, one); len(some) == batchNamings {
			return none, hand()
		}
		return none, nil
	}, `SELECT max(at), group_concat(entity) FROM participants p WHERE `+inActiveCalendar+` AND `+condition+`
		GROUP BY item_id HAVING count(*) BETWEEN 2 AND `+strconv.Itoa(Crowd), args...)
	if err != nil {
		return err
	}
	return hand()
}

// heads are the entities that stand for a user's, each by its own seq.
func (s *Store) heads(ctx context.Context, userID string) (map[int64]int32, error) {
	heads := map[int64]int32{}
	_, err := collect(ctx, s, func(rows *sql.Rows) (none struct{}, err error) {
		var seq int64
		var head int32
		err = rows.Scan(&seq, &head)
		heads[seq] = head
		return none, err
	}, `SELECT seq, coalesce(same_as, seq) FROM entities WHERE +user_id = ?`, userID)
	return heads, err
}

// tally counts what each two of a user's entities have together.
type tally struct {
	heads map[int64]int32
	ties  []tie
	place map[pair]int // in ties
	party []int32      // of one item
}

// add adds an item that names entities, a list with commas.
func (t *tally) add(named string, at int64) error {
	t.party = t.party[:0]
	for text := range strings.SplitSeq(named, ",") {
		seq, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		if head, ok := t.heads[seq]; ok { // else it is another user's
			t.party = append(t.party, head)
		}
	}
	slices.Sort(t.party)
	t.party = slices.Compact(t.party) // several addresses of a person
	for i, a := range t.party {
		for _, b := range t.party[i+1:] {
			tie := t.tie(pair{a, b})
			tie.count++
			tie.last = max(tie.last, at)
		}
	}
	return nil
}

func (t *tally) tie(of pair) *tie {
	i, ok := t.place[of]
	if !ok {
		i = len(t.ties)
		t.place[of] = i
		t.ties = append(t.ties, tie{pair: of})
	}
	return &t.ties[i]
}

// Relationships returns part of a graph, the strongest first, and how many there
// are in all: those of one entity, or everybody's for the zero Entity.
func (s *Store) Relationships(ctx context.Context, g *Graph, of Entity, skip, limit int) (part []Relationship, total int, err error) {
	ties := g.ties
	if of.Seq != 0 {
		ties = g.of(of.Seq)
	}
	total = len(ties)
	ties = ties[min(skip, total):min(skip+limit, total)]
	seqs := make([]int32, 0, 2*len(ties))
	for _, t := range ties {
		seqs = append(seqs, t.a, t.b)
	}
	entities, err := collect(ctx, s, scanEntity, entityRows+`e.seq IN (SELECT value FROM json_each(?))`, encodeList(seqs))
	if err != nil {
		return nil, 0, fmt.Errorf("entities of relationships: %w", err)
	}
	known := make(map[int32]Entity, len(entities))
	for _, e := range entities {
		known[int32(e.Seq)] = e //nolint:gosec // it was one
	}
	for _, t := range ties {
		a, there := known[t.a]
		b, both := known[t.b]
		if !there || !both { // purged since the graph was made
			continue
		}
		r := Relationship{A: a, B: b, Count: int(t.count)}
		if t.last != 0 {
			r.LastAt = fromMillis(t.last)
		}
		part = append(part, r)
	}
	return part, total, nil
}
