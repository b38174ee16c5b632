package slug_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/slug"
)

func TestJoin(t *testing.T) {
	for title, want := range map[string]string{
		"Osterveld renewal":      "osterveld-renewal~gol_1",
		"  Café, Zürich & Åse! ": "cafe-zurich-ase~gol_1",
		"":                       "gol_1",
		"会議":                     "gol_1",
		"Q~1184/../x":            "q-1184-x~gol_1",
		"Write the Corvane plan (do not book over this)": "write-the-corvane-plan-do-not-book-over~gol_1",
		"a23456789b23456789c23456789d23456789e23456789":  "a23456789b23456789c23456789d23456789e234~gol_1",
	} {
		joined := slug.Join(title, "gol_1")
		assert.Equal(t, want, joined)
		id, ok := slug.ID(joined)
		assert.True(t, ok)
		assert.Equal(t, "gol_1", id)
	}
}

func TestID(t *testing.T) {
	for text, want := range map[string]string{
		"gol_1": "gol_1", "a~gol_1": "gol_1", "a~b~gol_1": "gol_1", "~gol_1": "gol_1", "thr_a.b": "thr_a.b",
	} {
		id, ok := slug.ID(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, id)
	}
	for _, text := range []string{"", "~", "a~", "..", "a~..", "a/b", `a\b`, "two words", "a~two words", "a\x00", "a\u200b", "a\n"} {
		_, ok := slug.ID(text)
		assert.False(t, ok, "%q", text)
	}
}
