package index

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestRank(t *testing.T) {
	var w wanted
	w.want("crane")
	w.want("roof", "ruf")
	w.want("予算")
	for name, c := range map[string]struct {
		hits []store.Hit // as bm25 orders them
		want []string    // items
	}{
		"all words before one of them often": {
			[]store.Hit{hit("often", 3, "crane, the crane and a crane"), hit("all", 2.5, "The cranes of the roofs, 予算の話")},
			[]string{"all", "often"},
		},
		"a little of them does not": {
			[]store.Hit{hit("often", 3, "crane, the crane and a crane"), hit("all", 1.9, "crane, roof, 予算")},
			[]string{"often", "all"},
		},
		"another spelling is the word": {
			[]store.Hit{hit("one", 3, "crane"), hit("two", 2.9, "crane, ruf")},
			[]string{"two", "one"},
		},
		"the item that has more passages of it": {
			[]store.Hit{hit("one", 3, ""), hit("many", 2.9, ""), hit("many", 2.8, ""), hit("many", 2.7, ""), hit("many", 1, "")},
			[]string{"many", "many", "many", "one", "many"},
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

func hit(item string, score float64, body string) store.Hit {
	return store.Hit{Passage: store.Passage{ItemID: item, Body: body}, Score: score}
}

func TestCovered(t *testing.T) {
	var w wanted
	assert.Zero(t, w.covered(store.Passage{Body: "anything"}))
	for _, stem := range []string{"uber", "договор", "studi", "turbin"} {
		w.want(stem)
	}
	assert.Zero(t, w.covered(store.Passage{Body: "Pizza today?"}))
	assert.InDelta(t, 1, w.covered(store.Passage{Title: "Über", Body: "Studies of turbines: turbine!", People: "по договору"}), 1e-9)
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
