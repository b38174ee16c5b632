package speech_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestMarksOfListsAreNotSaid(t *testing.T) {
	for text, want := range map[string]string{
		"- buy the crane":              "buy the crane",
		"2. buy the crane":             "buy the crane",
		"24 months and the same price": "24 months and the same price",
	} {
		got := speech.NewReader().FromMessage(speech.NewSelf(store.User{}), store.Message{BodyText: text})
		require.Len(t, got, 1)
		assert.Equal(t, want, got[0].Text)
	}
}
