package index

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestRank(t *testing.T) {
	var w wanted
	w.want("crane")
	w.orRather("hoist")
	w.want("roof", "ruf")
	w.want("予算")
	w.wantTogether("crane roof")
	for name, c := range map[string]struct {
		hits []store.Hit // as bm25 orders them
		want []string    // items
	}{
		"all words before one of them often": {
			[]store.Hit{hit("often", 3, "crane, the crane and a crane"), hit("all", 2.5, "The cranes of the roofs, 予算の話")},
			[]string{"all", "often"},
		},
		"a little of them does not": {
			[]store.Hit{hit("often", 3, "crane, the crane and a crane"), hit("all", 1.9, "crane or roof, 予算")},
			[]string{"often", "all"},
		},
		"words side by side before words apart": {
			[]store.Hit{hit("apart", 3, "The crane, its roof and the 予算"), hit("together", 2.5, "The crane roof and the 予算")},
			[]string{"together", "apart"},
		},
		"another spelling is the word": {
			[]store.Hit{hit("one", 3, "crane"), hit("two", 2.9, "crane, ruf")},
			[]string{"two", "one"},
		},
		"a synonym counts, and the word more": {
			[]store.Hit{hit("other", 3, "roof"), hit("synonym", 3, "roof, hoist"), hit("both", 3, "hoist, roof, crane"), hit("word", 3, "roof, crane")},
			[]string{"both", "word", "synonym", "other"},
		},
		"another passage of the best item": {
			[]store.Hit{hit("best", 3, ""), hit("other", 2, ""), hit("best", 1.6, ""), hit("third", 1.5, "")},
			[]string{"best", "best", "other", "third"},
		},
	} {
		rank(c.hits, w)
		var got []string
		for _, h := range c.hits {
			got = append(got, h.ItemID)
		}
		assert.Equal(t, c.want, got, name)
	}
}

func TestSpread(t *testing.T) {
	const one, two, three, four = "Ann: The roof of the old hall leaks.\n", "Bob: Ask the tiler about the hall.\n", "Ann: He is away until May.\n", "Bob: May it is, then.\n"
	got := spread([]store.Hit{
		hit("hall", 5, one+two), hit("hall", 4, two+three), hit("copy", 3, two+three), hit("hall", 2, strings.TrimSpace(three+four)), hit("hall", 1, four),
	})
	var bodies []string
	for _, h := range got {
		bodies = append(bodies, h.ItemID+": "+h.Body)
	}
	assert.Equal(t, []string{
		"hall: " + one + two,
		"copy: " + two + three, // another item's
		"hall: " + strings.TrimSpace(three+four),
		"hall: " + two + three, // nothing is lost
		"hall: " + four,
	}, bodies)
	assert.Empty(t, spread(nil))
	empty := []store.Hit{hit("a", 2, ""), hit("a", 1, "")} // titles that match
	assert.Equal(t, empty, spread(empty))
}

func hit(item string, score float64, body string) store.Hit {
	return store.Hit{Passage: store.Passage{ItemID: item, Body: body}, Score: score}
}

func TestCovered(t *testing.T) {
	var w wanted
	words, pairs := w.covered(store.Passage{Body: "anything"})
	assert.Zero(t, words)
	assert.Zero(t, pairs)
	for _, stem := range []string{"uber", "договор", "studi", "turbin"} {
		w.want(stem)
	}
	words, _ = w.covered(store.Passage{Body: "Pizza today?"})
	assert.Zero(t, words)
	words, _ = w.covered(store.Passage{Title: "Über", Body: "Studies of turbines: turbine!", People: "по договору"})
	assert.InDelta(t, 1, words, 1e-9)
}

// Words tell most side by side, as they were typed and in other forms, with the stop
// words between them; what is not apart is told by the full-text index.
func TestPairsAreCovered(t *testing.T) {
	var w wanted
	for _, stem := range []string{"予算", "算案", "roof", "tender", "crane"} {
		w.want(stem)
	}
	w.orRather("hoist")
	w.wantTogether("Crane roof tender of the crane, 予算案")
	require.InDelta(t, 2+2*besideStopWord, w.allPairs, 1e-9, "crane roof, roof tender, tender of, the crane")
	for body, want := range map[string]float64{
		"Cranes! ROOFS":                  1,
		"roof, crane":                    0,
		"crane and roof":                 0,
		"The crane, the crane":           besideStopWord,
		"tender of the hoist":            2 * besideStopWord,
		"of the":                         0,
		"予算案":                            0,
		"crane roof tender of the crane": 2 + 2*besideStopWord,
	} {
		_, pairs := w.covered(store.Passage{Body: body})
		assert.InDelta(t, want/w.allPairs, pairs, 1e-9, body)
	}
	_, pairs := w.covered(store.Passage{Title: "crane", Body: "roof"})
	assert.Zero(t, pairs, "a title ends before the text begins")
}

// TestEveryFormIsCovered: no word that is wanted is passed over for how it begins.
func TestEveryFormIsCovered(t *testing.T) {
	text, err := os.ReadFile("../thesaurus/forms.txt")
	require.NoError(t, err)
	_, lists, _ := strings.Cut(string(text), "\n\n") // below what the file is about
	for _, word := range prose.Words(lists) {
		for _, ending := range []string{"", "s", "ed", "ing", "ly", "ational", "iveness"} {
			var w wanted
			w.want(prose.Stem(word + ending))
			covered, _ := w.covered(store.Passage{Body: word + ending})
			require.InDelta(t, 1, covered, 0, word+ending)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"con", "confirm", "conform", "consist", "fossel", "fossil", "line", "zefir"}
	for stem, want := range map[string][]string{
		"confim":       {"confirm"},            // one is missing; two would be wrong of another
		"confrm":       {"confirm", "conform"}, // both as near
		"fosil":        {"fossil"},             // nearer than the other one that sounds the same
		"fozzil":       {"fossil"},             // two are wrong, and it sounds the same
		"zephir":       {"zefir"},              // likewise
		"confirmaiton": {"confirm"},            // an ending that is none
		"fobbil":       nil,                    // two, and it does not
	} {
		assert.Equal(t, want, nearest(stem, known), stem)
	}
}
