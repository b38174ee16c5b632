package speech

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTable: what is read leniently is written well.
func TestTable(t *testing.T) {
	section, cueNames, classes := "", map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(requestTable) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = line
			require.Contains(t, []string{"[classes]", "[asks]", "[adds]", "[promises]", "[promises nothing]"}, section)
			continue
		}
		said := line
		switch section {
		case "[classes]":
			class, members, ok := strings.Cut(line, "\t")
			require.True(t, ok && class[0] == '@', line)
			classes[class], said = true, members
		case "[asks]", "[adds]":
			parts := strings.Split(line, "\t")
			require.Len(t, parts, 3, line)
			_, err := strconv.ParseFloat(strings.TrimPrefix(parts[0], "="), 64)
			require.NoError(t, err, line)
			assert.False(t, cueNames[parts[1]], "two cues are called %q", parts[1])
			cueNames[parts[1]], said = true, parts[2]
		}
		for phrase := range strings.SplitSeq(said, "|") {
			for word := range strings.FieldsSeq(phrase) {
				assert.Equal(t, strings.ToLower(word), word, line)
				assert.True(t, word[0] != '@' || classes[word], "%s is no class: %s", word, line)
			}
			assert.Equal(t, strings.Join(strings.Fields(phrase), " "), phrase, line)
		}
	}
	assert.LessOrEqual(t, len(cueNames), 64*len(cues{}))
}

// FuzzRead: whatever is read, nothing panics, and what is quoted promises nothing.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"", "I'll \"send", "“Please” 'now’ 12\" ?", "www.", "a\xffb \u2014 https://x I'll", "< @do | # = *"} {
		f.Add(text)
	}
	r := NewReader()
	f.Fuzz(func(t *testing.T, text string) {
		r.Read(text)
		if !strings.ContainsAny(text, "\"“”") {
			assert.False(t, r.Read(`"`+text+`"`).Has(Promise))
		}
	})
}
