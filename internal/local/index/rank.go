package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What a passage gains over its bm25: that adds words up, and so takes one rare
// word said often for the whole of a question.
const (
	coverage  = 0.5 // what a passage gains that has all of the query's words
	synonym   = 0.5 // what a synonym counts of the word that it stands for
	itemShare = 0.5 // what it gains of the best of its item: the meeting about a matter has the passage that names half of it
)

// rank orders hits by how much of the query is in them and in their items.
func rank(hits []store.Hit, w wanted) {
	for i := range hits {
		hits[i].Score *= 1 + coverage*w.covered(hits[i].Passage)
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

// wanted are the words that a query looks for.
type wanted struct {
	words      int
	ofStem     map[string][]meant
	beginnings map[string]bool // of the stems, since to stem each word of a text takes long
}

// meant is a word that a stem stands for, and how much it counts for it.
type meant struct {
	word   int
	counts float64
}

// want adds a word, for which any of the stems stands.
func (w *wanted) want(stems ...string) {
	w.words++
	w.mean(1, stems)
}

// orRather has stems stand for the last word, too, though they mean another one.
func (w *wanted) orRather(stems ...string) { w.mean(synonym, stems) }

func (w *wanted) mean(counts float64, stems []string) {
	if w.ofStem == nil {
		w.ofStem, w.beginnings = map[string][]meant{}, map[string]bool{}
	}
	for _, stem := range stems {
		w.ofStem[stem] = append(w.ofStem[stem], meant{w.words - 1, counts})
		w.beginnings[beginning(stem, kept(stem))] = true
	}
}

// covered is the part of the words that a passage has.
func (w *wanted) covered(p store.Passage) float64 {
	if w.words == 0 {
		return 0
	}
	has, sum := make([]float64, w.words), 0.0
	for _, text := range []string{p.Title, p.Body, p.People} {
		for r := range prose.Runs(text) {
			for _, word := range r.Words() {
				for _, m := range w.ofStem[w.stem(r, word)] {
					if m.counts > has[m.word] {
						sum += m.counts - has[m.word]
						has[m.word] = m.counts
					}
				}
			}
		}
	}
	return sum / float64(w.words)
}

// stem is that of a word of a run, or "" for one that cannot be wanted.
func (w *wanted) stem(r prose.Run, word string) string {
	if r.Joined {
		return word
	}
	short, long := beginning(word, 2), beginning(word, 3)
	if short != "" && !w.beginnings[short] && long != "" && !w.beginnings[long] {
		return ""
	}
	return prose.Stem(word)
}

// kept is how many letters of a word stemming leaves as they are in any case: it may
// make "pai" of "pay", and "hope" of "hoping".
func kept(stem string) int {
	if len(stem) > 3 {
		return 3
	}
	return 2
}

// beginning is the first letters of a word, all of it if it has no more; "" where
// stemming may change them, as it does with marks.
func beginning(word string, letters int) string {
	begins := word[:min(letters, len(word))]
	if len(word) < 2 || strings.ContainsFunc(begins, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return ""
	}
	return begins
}
