package index

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What a passage gains over its bm25: that adds words up, and so takes one rare
// word said often for the whole of a question.
const (
	coverage  = 0.5 // what a passage gains that has all of the query's words
	nearness  = 2.0 // what it gains that has them side by side as the query does
	synonym   = 0.5 // what a synonym counts of the word that it stands for
	itemShare = 0.5 // what it gains of the best of its item: the meeting about a matter has the passage that names half of it
)

// rank orders hits by how much of the query is in them and in their items.
func rank(hits []store.Hit, w wanted) {
	for i := range hits {
		words, pairs := w.covered(hits[i].Passage)
		hits[i].Score *= 1 + coverage*words + nearness*pairs
	}
	byScore(hits)
	best := map[string]float64{}
	for _, h := range hits {
		best[h.ItemID] = max(best[h.ItemID], h.Score)
	}
	for i := range hits {
		hits[i].Score += itemShare * best[hits[i].ItemID]
	}
	byScore(hits)
}

// mostSame is the part of a passage that better ones of its item may hold.
const mostSame = 0.2

// spread puts passages that mostly say what better ones of their item do behind all
// others: passages overlap, and three in a row would take the places of two answers.
func spread(hits []store.Hit) []store.Hit {
	of := map[string]int{}
	for _, h := range hits {
		of[h.ItemID]++
	}
	said := lines{}
	first, again := make([]store.Hit, 0, len(hits)), []store.Hit(nil)
	for _, h := range hits {
		if of[h.ItemID] > 1 {
			if said.share(h) > mostSame {
				again = append(again, h)
				continue
			}
			said.add(h)
		}
		first = append(first, h)
	}
	return append(first, again...)
}

// lines are those of passages, by their items.
type lines map[[2]string]bool

func (l lines) add(h store.Hit) {
	for text := range strings.Lines(h.Body) {
		l[[2]string{h.ItemID, strings.TrimSpace(text)}] = true
	}
}

// share is the part of a passage that is among the lines.
func (l lines) share(h store.Hit) float64 {
	among := 0
	for text := range strings.Lines(h.Body) {
		if l[[2]string{h.ItemID, strings.TrimSpace(text)}] {
			among += len(text)
		}
	}
	return float64(among) / float64(max(len(h.Body), 1))
}

func byScore(hits []store.Hit) {
	slices.SortStableFunc(hits, func(a, b store.Hit) int { return cmp.Compare(b.Score, a.Score) })
}
