package speech_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestWhatIsWrittenInAMeetingsChat(t *testing.T) {
	var said []string
	for _, s := range speech.NewReader().FromMeeting(speech.NewSelf(store.User{}), store.Meeting{Transcript: strings.Join([]string{
		`Ann Lee: The crane is too high.`,
		`Bob Ray: [chat] Replying to "The crane is t..." It is the long one.`,
		`Cleo Orr: [chat] Reacted to "It is the long one." with 👍`,
		`Cleo Orr: Reacted to "that" with a laugh, so to speak.`,
		`Ann Lee: [chat] Replying to "The crane..."`,
	}, "\n")}) {
		said = append(said, s.Author.Name+": "+s.Text)
	}
	assert.Equal(t, []string{"Ann Lee: The crane is too high.", "Bob Ray: It is the long one.", `Cleo Orr: Reacted to "that" with a laugh, so to speak.`}, said)
}

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
