package index

import (
	"context"
	"slices"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// others are English words that may be said in the place of one.
type others struct {
	forms, synonyms []string
	enough          int // uses of the word itself, from which on the others are not looked for
}

// others finds those for the words of a text. What is asked for itself is in the place
// of nothing. A question of several words finds things by its other words, and what is
// found gains by what stands for one in any case.
func (x *Index) others(text string, words []string) func(word string) others {
	if !prose.English(text) {
		return func(string) others { return others{} }
	}
	asked := map[string]bool{}
	for _, stem := range stems(words) {
		asked[stem] = true
	}
	isAsked := func(word string) bool { return asked[prose.Stem(word)] }
	enough := 1
	if len(words) <= fewWords {
		enough = fewUses
	}
	known := x.thesaurus()
	return func(word string) others {
		return others{
			forms:    slices.DeleteFunc(slices.Clone(known.Forms(word)), isAsked),
			synonyms: slices.DeleteFunc(known.Synonyms(word), isAsked),
			enough:   enough,
		}
	}
}

// instead are the others that are looked for as a word has so few uses: its forms and,
// where these have none either, the synonyms.
func (o others) instead(ctx context.Context, s *store.Store, uses int) ([]string, error) {
	if uses >= o.enough {
		return nil, nil
	}
	for _, words := range [][]string{o.forms, o.synonyms} {
		if len(words) == 0 {
			continue
		}
		if matching, _, err := s.Matches(ctx, anyOf(words), 1); err != nil || matching > 0 {
			return words, err
		}
	}
	return nil, nil
}

func stems(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = prose.Stem(word)
	}
	return all
}
