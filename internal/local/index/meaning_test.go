package index_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/embed/embedtest"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// vectorize gives a vector to each passage that has none.
func vectorize(t *testing.T, f *indextest.Fixture, model *embed.Client) {
	t.Helper()
	texts, err := f.Store.WithoutVector(t.Context(), model.Name(), 0, embed.MaxTexts)
	require.NoError(t, err)
	vectors, err := index.Vectors(t.Context(), model, texts)
	require.NoError(t, err)
	require.NoError(t, f.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.AddVectors(model.Name(), vectors) }))
}

func TestFindByMeaning(t *testing.T) {
	m := embedtest.Serve(t, map[string]string{"automobile": "car", "jalopy": "car"})
	model := m.Client(t, "small")
	f := berlin(t)
	old := f.Message(store.Message{SenderEmail: "li@ours.example", Subject: "Garage", BodyText: "The automobile is here.", SentAt: at("2026-10-01 09:00")})
	recent := f.Message(store.Message{SenderEmail: "dana@acme.example", Subject: "Monday", BodyText: "My automobile is broken.", SentAt: at("2026-11-02 09:00")})
	meeting := f.Meeting(store.Meeting{Title: "Standup", StartAt: at("2026-11-03 09:00"), Transcript: "Ann: Where did we leave the automobile?"})
	for i := range 30 {
		f.Message(store.Message{SenderEmail: "bob@other.example", Subject: "Lunch", BodyText: fmt.Sprintf("Pizza number %d today?", i), SentAt: at("2026-11-05 09:00")})
	}
	vectorize(t, f, model)
	hybrid := index.NewHybrid(f.Store, model)
	t.Cleanup(hybrid.Close)
	find := func(req index.Request) (ids []string) {
		req.Limit, req.Now = 3, at("2026-11-18 12:00")
		hits, err := hybrid.Passages(t.Context(), f.User, req)
		require.NoError(t, err)
		for _, h := range hits[:min(3, len(hits))] {
			ids = append(ids, h.ItemID)
		}
		return ids
	}

	for name, c := range map[string]struct {
		req  index.Request
		want []string
	}{
		"all":         {index.Request{}, []string{old, recent, meeting}},
		"a kind":      {index.Request{Kinds: []store.Kind{store.KindMeeting}}, []string{meeting}},
		"two kinds":   {index.Request{Kinds: []store.Kind{store.KindMeeting, store.KindNote}}, []string{meeting}},
		"a period":    {index.Request{To: at("2026-10-02 00:00")}, []string{old}},
		"another":     {index.Request{From: at("2026-11-01 00:00"), To: at("2026-11-03 09:00")}, []string{recent}},
		"of a sender": {index.Request{Domains: []string{"acme.example"}}, []string{recent}},
	} {
		c.req.Text = "jalopy"
		assert.ElementsMatch(t, c.want, find(c.req), name)
	}
	assert.Equal(t, recent, find(index.Request{Text: "broken jalopy"})[0], "words and meaning add up")

	late := f.Message(store.Message{Subject: "Sold", BodyText: "The jalopy is sold.", SentAt: at("2026-11-06 09:00")})
	assert.Equal(t, late, find(index.Request{Text: "jalopy"})[0], "by its word, as long as it has no vector")
	vectorize(t, f, model)
	assert.Contains(t, find(index.Request{Text: "automobile sold"}), late, "what came in since is read in")

	other := store.User{ID: "u2", Email: "eve@else.example"}
	require.NoError(t, f.Store.CreateUser(t.Context(), other, []byte("hash")))
	hits, err := hybrid.Passages(t.Context(), other, index.Request{Text: "jalopy", Limit: 3, Now: at("2026-11-18 12:00")})
	require.NoError(t, err)
	assert.Empty(t, hits, "another user's are not found")

	require.NoError(t, f.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.SetPassages(f.User.ID, late, nil) }))
	assert.NotContains(t, find(index.Request{Text: "automobile sold"}), late, "what is gone is not found")

	m.Answer(http.StatusServiceUnavailable)
	assert.Equal(t, []string{meeting}, find(index.Request{Text: "leave"}), "without the model words find")
	assert.Len(t, find(index.Request{Text: "jalopy"}), 3, "a query that was asked before has its vector")
}

func TestFindByMeaningAmongMany(t *testing.T) {
	model := embedtest.Serve(t, map[string]string{"automobile": "car"}).Client(t, "small")
	f := berlin(t)
	const many = 1200 // more than the slab proposes
	reports := make([]store.Message, many)
	for i := range reports {
		reports[i] = store.Message{Subject: fmt.Sprintf("Report %d", i), BodyText: fmt.Sprintf("Number%d", i*7), SentAt: at("2026-11-01 09:00")}
	}
	f.Message(reports...)
	want := f.Message(store.Message{BodyText: "automobile", SentAt: at("2026-11-01 09:00")})
	for range many/embed.MaxTexts + 1 {
		vectorize(t, f, model)
	}
	hybrid := index.NewHybrid(f.Store, model)
	t.Cleanup(hybrid.Close)
	for name, text := range map[string]string{"by meaning alone": "car", "besides what words find": "car number7"} {
		hits, err := hybrid.Passages(t.Context(), f.User, index.Request{Text: text, Limit: 5, Now: at("2026-11-18 12:00")})
		require.NoError(t, err)
		assert.True(t, slices.ContainsFunc(hits, func(h store.Hit) bool { return h.ItemID == want }), name)
	}
}
