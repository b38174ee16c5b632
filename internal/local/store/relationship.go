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

// tie is an edge of the graph. It names entities by their seq.
type tie struct {
	a, b  int64 // a < b
	count int
	last  int64 // in ms; 0 for none
}

// Current reports whether a graph still holds at a time after it was made, while
// nothing is stored: then only time can change it.
func (g *Graph) Current(now time.Time) bool { return g.next.IsZero() || now.Before(g.next) }

// Graph counts in how many of a user's items each two entities appear. It reads
// all of the user's participants.
func (s *Store) Graph(ctx context.Context, userID string, now time.Time) (*Graph, error) {
	together := map[[2]int64]*tie{}
	g := &Graph{}
	_, err := collect(ctx, s, func(rows *sql.Rows) (struct{}, error) {
		var ms int64
		var named string
		if err := rows.Scan(&ms, &named); err != nil {
			return struct{}{}, err
		}
		if at := fromMillis(ms); at.After(now) {
			ms = 0
			if g.next.IsZero() || at.Before(g.next) {
				g.next = at
			}
		}
		return struct{}{}, count(together, named, ms)
	}, `SELECT max(p.at), group_concat(coalesce(e.same_as, e.seq)) FROM entities e CROSS JOIN participants p ON p.entity = e.seq
		WHERE e.user_id = ? AND p.party BETWEEN 2 AND ? AND `+inActiveCalendar+` GROUP BY p.item_id`, userID, Crowd)
	if err != nil {
		return nil, fmt.Errorf("relationships: %w", err)
	}
	g.ties = make([]tie, 0, len(together))
	for _, t := range together {
		g.ties = append(g.ties, *t)
	}
	slices.SortFunc(g.ties, func(x, y tie) int {
		return cmp.Or(cmp.Compare(y.count, x.count), cmp.Compare(y.last, x.last), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return g, nil
}

// count adds an item that names entities, a list with commas, to what each two
// of them have together.
func count(together map[[2]int64]*tie, named string, at int64) error {
	var entities []int64
	for text := range strings.SplitSeq(named, ",") {
		entity, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		entities = append(entities, entity)
	}
	slices.Sort(entities)
	entities = slices.Compact(entities) // several addresses of a person
	for i, a := range entities {
		for _, b := range entities[i+1:] {
			t := together[[2]int64{a, b}]
			if t == nil {
				t = &tie{a: a, b: b}
				together[[2]int64{a, b}] = t
			}
			t.count++
			t.last = max(t.last, at)
		}
	}
	return nil
}

// Relationships returns part of a graph, the strongest first, and how many there
// are in all: those of one entity, or everybody's for the zero Entity.
func (s *Store) Relationships(ctx context.Context, g *Graph, of Entity, skip, limit int) (part []Relationship, total int, err error) {
	ties := g.ties
	if of.Seq != 0 {
		ties = slices.DeleteFunc(slices.Clone(ties), func(t tie) bool { return t.a != of.Seq && t.b != of.Seq })
	}
	total = len(ties)
	ties = ties[min(skip, total):min(skip+limit, total)]
	seqs := make([]int64, 0, 2*len(ties))
	for _, t := range ties {
		seqs = append(seqs, t.a, t.b)
	}
	entities, err := collect(ctx, s, scanEntity, entityQuery+`e.seq IN (SELECT value FROM json_each(?))`, encodeList(seqs))
	if err != nil {
		return nil, 0, fmt.Errorf("entities of relationships: %w", err)
	}
	known := make(map[int64]Entity, len(entities))
	for _, e := range entities {
		known[e.Seq] = e
	}
	for _, t := range ties {
		r := Relationship{A: known[t.a], B: known[t.b], Count: t.count}
		if t.last != 0 {
			r.LastAt = fromMillis(t.last)
		}
		part = append(part, r)
	}
	return part, total, nil
}
