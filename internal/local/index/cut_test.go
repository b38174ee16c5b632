package index

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestCutMessage(t *testing.T) {
	m := store.Message{ID: "msg_1", SenderEmail: "Dana@ACME.example", SenderName: "Dana", Subject: "Hello", Source: "email",
		Recipients: []store.Person{{Email: "sam@ours.example", Name: "Sam"}}, BodyText: "New words.", QuotedText: "Old\nwords.",
		ThreadID: "thr_1", ConversationID: "cnv_1", IntegrationID: "int_1"}
	got := CutMessage(m)
	require.Len(t, got, 2)
	assert.Equal(t, store.Passage{Kind: store.KindMessage, ItemID: "msg_1", Title: "Hello", Body: "New words.",
		People: "Dana Dana@ACME.example Sam sam@ours.example", Domain: "acme.example", Source: "email",
		IntegrationID: "int_1", ConversationID: "cnv_1", ThreadID: "thr_1"}, got[0])
	assert.Equal(t, "> Old\n> words.", got[1].Body)
	assert.Equal(t, 1, got[1].Seq)

	empty := CutMessage(store.Message{ID: "msg_2", Subject: "Only a subject"})
	require.Len(t, empty, 1)
	assert.Equal(t, "Only a subject", empty[0].Title)
}

func TestCutMeeting(t *testing.T) {
	var transcript strings.Builder
	for i := range 60 {
		fmt.Fprintf(&transcript, "Dana: turn number %d says a few words more than one would think\n", i)
	}
	got := CutMeeting(store.Meeting{ID: "mtg_1", Title: "Review", Summary: "All is well.", Transcript: transcript.String(),
		ActionItems: []store.ActionItem{{Description: "send the form", Assignee: "Dana"}}})
	require.Greater(t, len(got), 3)
	assert.Equal(t, "All is well.\nDana send the form", got[0].Body)
	for i, p := range got[1:] {
		assert.Equal(t, i+1, p.Seq)
		assert.True(t, strings.HasPrefix(p.Body, "Dana:"), "passages begin with a turn")
		assert.Contains(t, transcript.String(), p.Body)
		assert.LessOrEqual(t, len(strings.Fields(p.Body)), talkWords)
	}
	for i := 20; i < 40; i++ {
		with := 0
		for _, p := range got {
			with += strings.Count(p.Body, fmt.Sprintf("turn number %d says", i))
		}
		assert.InDelta(t, 3.5, with, 0.5, "of the passages that have a turn, one has it in the middle")
	}
}

// Cutting loses no word, whatever the text looks like.
func FuzzCut(f *testing.F) {
	f.Add("a b c", 2, 0)
	f.Add(strings.Repeat("word ", 1000), 50, 10)
	f.Add("One. Two three. Four\nfive\n\n> six\n-- \nsig", 2, 1)
	f.Fuzz(func(t *testing.T, text string, most, overlap int) {
		text = strings.ToValidUTF8(text, "?") // as everything is that the engine accepts
		most, overlap = 1+abs(most)%50, abs(overlap)%10
		var joined []string
		for _, piece := range Cut(text, most, 0) {
			assert.NotEmpty(t, piece)
			assert.LessOrEqual(t, len(strings.Fields(piece)), most)
			joined = append(joined, piece)
		}
		assert.Equal(t, strings.Join(strings.Fields(text), ""), strings.Join(strings.Fields(strings.Join(joined, "")), ""))
		Cut(text, most, overlap) // ends
	})
}

func abs(n int) int {
	if n < 0 {
		n = -(n + 1)
	}
	return n
}
