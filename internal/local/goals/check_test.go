package goals_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// citation is an id in brackets, as answers write them.
var citation = regexp.MustCompile(`\[((?:msg|mtg|evt|note)_[0-9A-Za-z-]+)\]`)

// checkFinding checks what holds for every finding: each claim cites, what is
// cited is listed and can be read, and nothing is listed that is not cited.
func checkFinding(t *testing.T, s *store.Store, user store.User, f goals.Finding) {
	t.Helper()
	texts := []string{f.Summary, string(f.NextMove.Description)}
	for _, r := range f.Risks {
		texts = append(texts, string(r.Description))
	}
	for _, a := range f.NextActions {
		texts = append(texts, string(a.Description))
		assert.Regexp(t, citation, a.Description)
	}
	cited := map[string]bool{}
	for _, m := range citation.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		cited[m[1]] = true
	}
	listed := map[string]bool{}
	for _, ref := range f.Cited {
		listed[ref.ID] = true
		assert.NotEmpty(t, ref.Snippet, ref.ID)
		assert.NotEmpty(t, ref.OccurredAt, ref.ID)
		var err error
		switch store.Kind(ref.Type) {
		case store.KindMessage:
			_, err = s.Message(t.Context(), user.ID, ref.ID)
		case store.KindMeeting:
			_, err = s.Meeting(t.Context(), user.ID, ref.ID)
		case store.KindNote:
			_, err = s.Note(t.Context(), user.ID, ref.ID)
		case store.KindEvent:
			_, err = s.Event(t.Context(), user.ID, ref.ID)
		default:
			assert.Fail(t, "unknown type", ref.Type)
		}
		require.NoError(t, err)
	}
	assert.Equal(t, cited, listed)
	assert.GreaterOrEqual(t, f.Confidence, 0.0)
	assert.LessOrEqual(t, f.Confidence, 1.0)
	assert.NotEmpty(t, f.Summary)
}
