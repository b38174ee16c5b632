package index_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestMatch(t *testing.T) {
	for text, want := range map[string]string{
		"":                             ``,
		"  ?! \x00":                    ``,
		"renewal":                      `"renewal"`,
		"the renewal of ACME":          `"renewal" OR "acme"`,
		"what about it":                `"what" OR "about" OR "it"`,
		"A OR B":                       `"b"`,
		"turbine NEAR(service, 3)":     `"turbine" OR "near" OR "service" OR "3"`,
		`say "end of quarter" renewal`: `"end" OR "quarter" OR "renewal" OR "end of quarter"`,
		`"unbalanced`:                  `"unbalanced"`,
		"title:x -y z*":                `"title" OR "x" OR "y" OR "z"`,
		"tick tock tick":               `"tick" OR "tock"`,
		"東京の予算 予算":                     `"東 京" OR "京 の" OR "の 予" OR "予 算" OR "東 京 の 予 算"`,
	} {
		assert.Equal(t, want, index.Match(text), "%q", text)
	}
	assert.Less(t, strings.Count(index.Match(strings.Repeat("abc def ghi ", 1000)+longText()), " OR "), 128)
}

func longText() string {
	var b strings.Builder
	for r := 'a'; r <= 'z'; r++ {
		for s := 'a'; s <= 'z'; s++ {
			b.WriteString("w" + string(r) + string(s) + " ")
		}
	}
	return b.String()
}

// Whatever a user types, FTS5 takes it as words.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"A OR B", `"`, `"" "`, "*", "-x", "NEAR(a b)", "a AND", "(", ")", "\x00", "^a", "a+b", "{title body}:x", "col:", "\"a\"*", "\ufffd\xff", "e\u0301\u0301", "ß ſ İ", "🎉 x", "\ue000", longText(), "½ ² Ⅳ", "가 \u0000나"} {
		f.Add(s)
	}
	fixture := berlin(f)
	fixture.Message(store.Message{Subject: "A or b", BodyText: "near (x) title", SentAt: at("2026-11-02 09:00")})
	f.Fuzz(func(t *testing.T, text string) {
		match := index.Match(text)
		if match == "" {
			return
		}
		_, err := fixture.Store.Passages(t.Context(), store.PassageQuery{
			UserID: fixture.User.ID, Match: match, Weights: store.Weights{Title: 1, Body: 1, People: 1}, Limit: 1})
		require.NoError(t, err, "%q", match)
	})
}

// What stands in a text is found by typing it.
func FuzzMatchFindsItself(f *testing.F) {
	for _, s := range []string{"Don't", "naïve café", "Ⅳ ½", "Straße", "İstanbul", "日本語", "q3/2026", "foo_bar", "e\u0301t\u0301", "ﬁne", "a\u00adb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ToValidUTF8(text, "") != text || len(text) > 200 || index.Match(text) == "" {
			return
		}
		fixture := berlin(t)
		fixture.Message(store.Message{BodyText: text, SentAt: at("2026-11-02 09:00")})
		hits, err := fixture.Store.Passages(t.Context(), store.PassageQuery{UserID: fixture.User.ID, Match: index.Match(text), Limit: 1})
		require.NoError(t, err)
		assert.Len(t, hits, 1, "%q", index.Match(text))
	})
}
