package index

import (
	"strings"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// wanted are the words that a query looks for.
type wanted struct {
	words      int
	ofStem     map[string][]meant
	beginnings map[string]bool // of the stems, since to stem each word of a text takes long

	stopWords map[string]int // those beside words that are looked for, numbered on from these
	pairs     map[pair]float64
	allPairs  float64 // what they count together
}

// pair is two words that stand side by side, by their numbers.
type pair struct{ first, second int }

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

// besideStopWord is what a pair counts of which one is a stop word: titles are made of
// them, too, but everything else is as well.
const besideStopWord = 0.5

// wantTogether has the words that stand side by side in the query's text count for more
// where they do so in a passage. They are no phrases of the full-text expression, as
// bm25 takes these for further words, rarer than all others: half of a name would then
// weigh more than a whole question.
func (w *wanted) wantTogether(text string) {
	w.stopWords, w.pairs = map[string]int{}, map[pair]float64{}
	isStopWord := prose.StopWords(text)
	last, lastCounts := -1, 0.0
	for r := range prose.Runs(text) {
		number, counts := w.number(r, isStopWord)
		if of := (pair{last, number}); last >= 0 && number >= 0 && w.pairs[of] == 0 && lastCounts+counts > 1 {
			w.pairs[of] = lastCounts * counts
			w.allPairs += lastCounts * counts
		}
		last, lastCounts = number, counts
	}
}

// number is that of a word of the query, and what it counts in a pair; -1 for one that
// is in none: of words that are not apart nobody can tell which stand side by side.
func (w *wanted) number(r prose.Run, isStopWord func(string) bool) (number int, counts float64) {
	if r.Joined {
		return -1, 0
	}
	for _, m := range w.ofStem[prose.Stem(r.Text)] {
		if m.counts == 1 {
			return m.word, 1
		}
	}
	if !isStopWord(r.Text) {
		return -1, 0
	}
	if _, ok := w.stopWords[r.Text]; !ok {
		w.stopWords[r.Text] = w.words + len(w.stopWords)
	}
	return w.stopWords[r.Text], besideStopWord
}

// covered are the parts of the words, and of the pairs of them, that a passage has.
func (w *wanted) covered(p store.Passage) (words, pairs float64) {
	if w.words == 0 {
		return 0, 0
	}
	has, together := make([]float64, w.words), map[pair]bool{}
	var last, here []int // the numbers of the words that one of the text may be
	for _, text := range []string{p.Title, p.Body, p.People} {
		last = last[:0]
		for r := range prose.Runs(text) {
			for _, word := range r.Words() {
				here = here[:0]
				for _, m := range w.ofStem[w.stem(r, word)] {
					here = append(here, m.word)
					if m.counts > has[m.word] {
						words += m.counts - has[m.word]
						has[m.word] = m.counts
					}
				}
				if number, ok := w.stopWords[word]; ok {
					here = append(here, number)
				}
				for _, first := range last {
					for _, second := range here {
						together[pair{first, second}] = true
					}
				}
				last, here = here, last
			}
		}
	}
	for of := range together {
		pairs += w.pairs[of]
	}
	return words / float64(w.words), pairs / max(w.allPairs, 1)
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
