package index

import (
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// Limit has x take a store for a large one that has more than so many passages, and
// rank no more matches of common words.
func Limit(x *Index, small, ranked int) {
	x.limits = limits{small: int64(small), ranked: ranked, walked: 50 * ranked, enough: 2, patience: time.Minute}
}

// Patient has x take its time, as on a machine that does much else.
func Patient(x *Index) { x.limits.patience = time.Minute }

// Snippet shows the words of a query in a text.
func Snippet(text, query string) string {
	var w wanted
	for _, word := range topic(query) {
		w.want(prose.Stem(word))
	}
	return snippet(text, w)
}
