package index_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// TestLargeStores: where not all that matches can be ranked, rare words lead to
// what is looked for, and common ones to what has several of them.
func TestLargeStores(t *testing.T) {
	f := indextest.New(t, store.User{Email: "me@example.com"})
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var all []store.Message
	for i := range 400 {
		m := store.Message{Subject: fmt.Sprintf("Note %d", i), BodyText: "the harbour", SentAt: began.Add(time.Duration(i) * time.Hour), SenderEmail: "ann@acme.example"}
		if i%2 == 0 {
			m.BodyText += " budget"
		}
		if i%7 == 0 {
			m.BodyText += " fence"
		}
		if i%5 == 0 {
			m.BodyText += " review"
		}
		if i%100 == 7 {
			m.BodyText += " osterveld"
		}
		all = append(all, m)
	}
	all = append([]store.Message{{Subject: "Elsewhere", BodyText: "in the harbour", SentAt: began, SenderEmail: "bo@elsewhere.example"}}, all...)
	all = append(all, store.Message{Subject: "Osterveld", BodyText: "Budget of the harbour", SentAt: began, SenderEmail: "bo@other.example"})
	f.Message(all...)
	f.Event(store.Event{Title: "Harbour review", StartAt: began, EndAt: began.Add(time.Hour)})
	index.Limit(f.Index, 100, 20)
	search := func(in attrove.SearchIn) []string {
		out, err := f.Index.Search(t.Context(), f.User, in, began.AddDate(0, 2, 0))
		require.NoError(t, err)
		var subjects []string
		for _, m := range out.KeyMessages {
			subjects = append(subjects, string(m.Subject))
		}
		for _, e := range out.KeyEvents {
			subjects = append(subjects, string(e.Title))
		}
		return subjects
	}
	for _, tc := range []struct {
		name string
		in   attrove.SearchIn
		want []string
	}{
		{"a rare word", attrove.SearchIn{Query: "osterveld budget harbour"}, []string{"Osterveld", "Note 7", "Note 107", "Note 207", "Note 307"}},
		{"a rare word and a condition", attrove.SearchIn{Query: "osterveld", SenderDomains: []string{"acme.example"}}, []string{"Note 7", "Note 107", "Note 207", "Note 307"}},
		{"a common word and a condition", attrove.SearchIn{Query: "harbour", SenderDomains: []string{"other.example"}}, []string{"Osterveld"}},
		{"a common word of which there is newer", attrove.SearchIn{Query: "harbour", SenderDomains: []string{"elsewhere.example"}}, []string{"Elsewhere"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.ElementsMatch(t, tc.want, search(tc.in))
		})
	}
	assert.Equal(t, "Osterveld", search(attrove.SearchIn{Query: "osterveld budget harbour"})[0], "what has all of the words comes first")
	both := search(attrove.SearchIn{Query: "budget review"})
	require.NotEmpty(t, both)
	for _, subject := range both {
		var i int
		_, err := fmt.Sscanf(subject, "Note %d", &i)
		require.NoError(t, err)
		assert.Zero(t, i%10, "%s has one of two common words", subject)
	}
	assert.Subset(t, search(attrove.SearchIn{Query: "elsewhere review fence"}), []string{"Elsewhere", "Note 385"},
		"a rare word that is hardly anywhere leaves room for what has both of the common ones")
	newest := search(attrove.SearchIn{Query: "harbour"})
	assert.Contains(t, newest, "Note 399", "of a word that is everywhere the newest")
	assert.NotContains(t, newest, "Note 1")
}
