package index

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What a passage gains over its bm25: that adds words up, and so takes one rare
// word said often for the whole of a question.
const (
	coverage  = 0.5 // what a passage gains that has all of the query's words
	itemShare = 0.5 // what it gains of the best of its item: the meeting about a matter has the passage that names half of it
	itemBest  = 3   // how many passages of an item these are
)

// rank orders hits by how much of the query is in them and in their items.
func rank(hits []store.Hit, w wanted) {
	for i := range hits {
		hits[i].Score *= 1 + coverage*w.covered(hits[i].Passage)
	}
	byScore(hits)
	best := map[string][]float64{}
	for _, h := range hits {
		if of := best[h.ItemID]; len(of) < itemBest {
			best[h.ItemID] = append(of, h.Score)
		}
	}
	for i := range hits {
		sum := 0.0
		for _, score := range best[hits[i].ItemID] {
			sum += score
		}
		hits[i].Score += itemShare * sum / itemBest
	}
	byScore(hits)
}

func byScore(hits []store.Hit) {
	slices.SortStableFunc(hits, func(a, b store.Hit) int { return cmp.Compare(b.Score, a.Score) })
}

// wanted are the words that a query looks for.
type wanted struct {
	words      int
	ofStem     map[string][]int // the words that a stem stands for
	beginnings map[string]bool  // of the stems, since to stem each word of a text takes long
}

// want adds a word, for which any of the stems stands.
func (w *wanted) want(stems ...string) {
	if w.ofStem == nil {
		w.ofStem, w.beginnings = map[string][]int{}, map[string]bool{}
	}
	for _, stem := range stems {
		w.ofStem[stem] = append(w.ofStem[stem], w.words)
		w.beginnings[beginning(stem)] = true
	}
	w.words++
}

// covered is the part of the words that a passage has.
func (w *wanted) covered(p store.Passage) float64 {
	if w.words == 0 {
		return 0
	}
	has, n := make([]bool, w.words), 0
	for _, text := range []string{p.Title, p.Body, p.People} {
		for r := range prose.Runs(text) {
			for _, word := range r.Words() {
				for _, i := range w.ofStem[w.stem(r, word)] {
					if !has[i] {
						has[i] = true
						n++
					}
				}
			}
		}
	}
	return float64(n) / float64(w.words)
}

// stem is that of a word of a run, or "" for one that cannot be wanted.
func (w *wanted) stem(r prose.Run, word string) string {
	if r.Joined {
		return word
	}
	if begins := beginning(word); begins != "" && !w.beginnings[begins] {
		return ""
	}
	return prose.Stem(word)
}

// beginning is what stemming leaves of a word in any case; "" where it may change
// all of it, as with marks.
func beginning(word string) string {
	const letters = 2
	if len(word) < letters || word[0] >= utf8.RuneSelf || word[1] >= utf8.RuneSelf {
		return ""
	}
	return word[:letters]
}
