package thesaurus_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/thesaurus"
)

func TestForms(t *testing.T) {
	known := thesaurus.Read()
	for word, want := range map[string][]string{
		"decides":      {"decision"},
		"decisive":     {"decide"}, // the stem is that of "decision"
		"sent":         {"send", "sender"},
		"mice":         {"mouse"},
		"colour":       {"color"},
		"customised":   {"customized"}, // on no list
		"computerizes": {"computerises"},
		"rise":         {"rose", "risen"}, // and no "rize"
		"turbine":      nil,
		"":             nil,
	} {
		assert.Equal(t, want, known.Forms(word), word)
	}
}

func TestSynonyms(t *testing.T) {
	known := thesaurus.Read()
	for word, c := range map[string]struct{ some, not []string }{
		"purchases": {[]string{"buy", "bought", "acquisition"}, []string{"purchase", "sell"}},
		"physician": {[]string{"doctor"}, nil},
		"paid":      {nil, []string{"salary"}}, // another form than the one that is listed
		"turbine":   {},
	} {
		got := known.Synonyms(word)
		assert.Subset(t, got, c.some, word)
		for _, other := range c.not {
			assert.NotContains(t, got, other, word)
		}
	}
}

// TestLists: a word that adds nothing to its line is a slip.
func TestLists(t *testing.T) {
	for _, name := range []string{"forms.txt", "synonyms.txt"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		seen := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			assert.False(t, seen[line], "%s: %q is there twice", name, line)
			seen[line] = true
			words := strings.Fields(line)
			assert.Greater(t, len(words), 1, "%s: %q", name, line)
			assert.Equal(t, words, prose.Words(line), "%s: words are in lower case, without marks", name)
			assert.Len(t, prose.Terms(line), len(words), "%s: %q has a stop word, or a stem twice", name, line)
		}
	}
}
