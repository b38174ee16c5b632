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
