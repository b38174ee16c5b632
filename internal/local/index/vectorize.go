package index

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// longestText is how much of a passage a model gets, in bytes: a few times what one
// of mail has.
const longestText = 6_000

// Vectorizer is an Embedder that makes the vectors of passages, too.
type Vectorizer interface {
	Embedder
	// Passages returns a vector of each text, of which there are up to
	// embed.MaxTexts. It fails with embed.ErrText when one of them is at fault.
	Passages(ctx context.Context, texts []string) ([]embed.Vector, error)
}

// Vectors has the model read up to embed.MaxTexts passages. Where it does not take
// one, the others get theirs, and that one again when it is shorter; if that does
// not help either, it has an empty vector and is found by its words.
func Vectors(ctx context.Context, model Vectorizer, texts []store.Text) ([]store.Vector, error) {
	inputs := make([]string, len(texts))
	for i, t := range texts {
		inputs[i] = input(t, longestText)
	}
	out := make([]store.Vector, len(texts))
	made, err := model.Passages(ctx, inputs)
	if err == nil {
		for i, t := range texts {
			out[i] = store.Vector{Text: t, Packed: made[i].Pack()}
		}
		return out, nil
	}
	if !errors.Is(err, embed.ErrText) {
		return nil, err
	}
	if _, err := model.Passages(ctx, []string{"a"}); err != nil {
		return nil, err // it takes nothing at all
	}
	for i, t := range texts {
		if out[i], err = vectorOf(ctx, model, t); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func vectorOf(ctx context.Context, model Vectorizer, t store.Text) (store.Vector, error) {
	for _, most := range []int{longestText, longestText / 4, longestText / 16} {
		made, err := model.Passages(ctx, []string{input(t, most)})
		if err == nil {
			return store.Vector{Text: t, Packed: made[0].Pack()}, nil
		}
		if !errors.Is(err, embed.ErrText) {
			return store.Vector{}, err
		}
	}
	return store.Vector{Text: t, Packed: []byte{}}, nil
}

// input is what a model reads of a passage, up to so many bytes.
func input(t store.Text, most int) string {
	text := strings.TrimSpace(t.Title + "\n" + t.Body)
	if text == "" {
		return "-" // no API takes an empty text
	}
	if len(text) > most {
		for !utf8.RuneStart(text[most]) {
			most--
		}
		text = text[:most]
	}
	return text
}
