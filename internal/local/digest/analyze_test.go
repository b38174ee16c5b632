package digest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestOfALongConversationTheNewestIsRead(t *testing.T) {
	f := indextest.New(t, store.User{Email: "ann@crane.example"})
	var all []store.Message
	for i := range 505 {
		all = append(all, store.Message{SenderEmail: "bob@crane.example", SenderName: "Bob", Conversation: "yard@lists.example", ThreadID: fmt.Sprint("t", i%7),
			SentAt: monday.Add(time.Duration(i) * time.Hour), BodyText: fmt.Sprintf("We decided to buy crane number %d for the yard.", i)})
	}
	last, err := f.Store.Message(t.Context(), f.User.ID, f.Message(all...))
	require.NoError(t, err)
	out, err := digest.NewThreads(f.Store, f.Index).Analyze(t.Context(), f.User, attrove.AnalyzeThreadIn{ConversationID: last.ConversationID}, last.SentAt)
	require.NoError(t, err)
	assert.Equal(t, 505, out.MessageCount)
	assert.Equal(t, []string{"This conversation has 505 messages. Only the newest 500, since 2 November 2026, were read."}, out.Warnings)
	assert.NotEmpty(t, out.Decisions)
	assert.LessOrEqual(t, len(out.Decisions), 10)

	out, err = digest.NewThreads(f.Store, f.Index).Analyze(t.Context(), f.User, attrove.AnalyzeThreadIn{ConversationID: last.ThreadID}, last.SentAt)
	require.NoError(t, err)
	assert.Equal(t, 73, out.MessageCount, "the thread alone")
	assert.Empty(t, out.Warnings)
}

// That nothing was decided in what cannot be read would be wrong to say.
func TestOtherLanguagesAreNamed(t *testing.T) {
	f := indextest.New(t, store.User{Email: "ann@crane.example", Timezone: "Pacific/Auckland"})
	var all []store.Message
	for i, text := range []string{"Bitte streichen Sie den Zaun und den Kran noch bis Freitag, wir haben das so beschlossen.", "I'll send the drawings of the crane tomorrow."} {
		all = append(all, store.Message{SenderEmail: "bob@crane.example", SenderName: "Bob", Subject: "Crane", ThreadID: "t1",
			SentAt: monday.Add(4 * time.Hour).Add(time.Duration(i) * time.Minute), BodyText: text})
	}
	last, err := f.Store.Message(t.Context(), f.User.ID, f.Message(all...))
	require.NoError(t, err)
	out, err := digest.NewThreads(f.Store, f.Index).Analyze(t.Context(), f.User, attrove.AnalyzeThreadIn{ConversationID: last.ThreadID}, monday.AddDate(0, 0, 7))
	require.NoError(t, err)
	assert.Equal(t, []string{"Decisions and action items are recognized in English; in German, French and Spanish only where a heading or a label names them. Of the messages that were read, 1 of 2 are in other languages."}, out.Warnings)
	require.Len(t, out.ActionItems, 1)
	assert.Equal(t, "I'll send the drawings of the crane tomorrow. (by 4 November 2026) ["+last.ID+"]", string(out.ActionItems[0].Description), "it was Tuesday where the user is")
}
