package speech_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// The line of an announcement that says when is a statement, though it is no sentence.
func TestLinesThatTellTheHour(t *testing.T) {
	said := speech.NewReader().FromMessage(speech.NewSelf(store.User{}), store.Message{BodyText: "Harbour Club\n\nThu 28 May, 14:30 - 15:30 UTC\n\nRoom 4\n\n12:30:15 Crane Moved North"})
	var texts []string
	for _, s := range said {
		texts = append(texts, s.Text)
	}
	assert.Equal(t, []string{"Thu 28 May, 14:30 - 15:30 UTC"}, texts)
}
