package local_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// TestPushedTogether: pushes of this process share transactions, in which each is
// taken or refused by itself, and the same one is there once.
func TestPushedTogether(t *testing.T) {
	f := start(t, options())
	call(t, f, attrove.UpdateSettings, attrove.UpdateSettingsIn{ExcludedDomains: attrove.Some([]string{"bank.example"})})
	push, err := f.engine.Pusher(t.Context())
	require.NoError(t, err)
	const n = 200
	errs := make([]error, n)
	var pushing sync.WaitGroup
	for i := range n {
		pushing.Go(func() {
			from := "ann@acme.example"
			if i%10 == 3 {
				from = "ann@bank.example"
			}
			_, errs[i] = push.PushMessage(t.Context(), attrove.PushMessageIn{Source: "email", ExternalID: strconv.Itoa(i / 2), SenderEmail: from,
				SentAt: "2026-11-02T10:00:00Z", Subject: fmt.Sprintf("Topic%d", i/2), BodyText: "broken \xff text",
				Metadata: attrove.Object{attrove.MetaQuotedText: "what was said before"}})
		})
	}
	pushing.Wait()
	for i, err := range errs {
		var failure *attrove.Error
		if i%10 != 3 {
			require.NoError(t, err)
		} else if assert.ErrorAs(t, err, &failure) {
			assert.Equal(t, attrove.CodeExcluded, failure.Code)
		}
	}
	page := call(t, f, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: 100}, Expand: []attrove.MessageExpand{"body_text"}})
	require.Len(t, page.Data, n/2)
	for _, m := range page.Data {
		assert.EqualValues(t, "broken \ufffd text", m.BodyText, "as JSON would have it")
	}
	found := call(t, f, attrove.Search, attrove.SearchIn{Query: "Topic7"})
	require.NotEmpty(t, found.KeyMessages)
	assert.EqualValues(t, "Topic7", found.KeyMessages[0].Subject)
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.Equal(t, n/2, stats.Totals.Messages)
}

// TestPushThatCannotBeStored: what the transaction that it shares cannot store is queued,
// holds nothing else up, and is stored once it can be.
func TestPushThatCannotBeStored(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "mail.db")
	f := start(t, o)
	push, err := f.engine.Pusher(t.Context())
	require.NoError(t, err)
	file, err := sql.Open("sqlite", o.Path+"?_pragma=busy_timeout(10000)") // the engine writes, too
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	_, err = file.ExecContext(t.Context(), `CREATE TRIGGER fails BEFORE INSERT ON messages WHEN new.subject = 'Topic7' BEGIN SELECT RAISE(ABORT, 'not now'); END`)
	require.NoError(t, err)
	const n = 20
	ids := make([]string, n)
	var pushing sync.WaitGroup
	for i := range n {
		pushing.Go(func() {
			receipt, err := push.PushMessage(t.Context(), attrove.PushMessageIn{Source: "email", ExternalID: strconv.Itoa(i),
				SenderEmail: "ann@acme.example", SentAt: "2026-11-02T10:00:00Z", Subject: fmt.Sprintf("Topic%d", i), BodyText: "text"})
			assert.NoError(t, err)
			ids[i] = receipt.ID
		})
	}
	pushing.Wait()
	messages := func() []attrove.Message {
		return call(t, f, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: 100}}).Data
	}
	assert.Len(t, messages(), n-1)

	_, err = file.ExecContext(t.Context(), `DROP TRIGGER fails`)
	require.NoError(t, err)
	require.NoError(t, f.engine.Drain(t.Context()))
	found := slices.IndexFunc(messages(), func(m attrove.Message) bool { return m.Subject == "Topic7" })
	require.GreaterOrEqual(t, found, 0)
	assert.Equal(t, ids[7], messages()[found].ID)
	assert.Len(t, messages(), n)
}

// TestPusherOfAClosedEngine: what goes wrong is told as by the Push API, so that an
// import knows what to do.
func TestPusherOfAClosedEngine(t *testing.T) {
	f := start(t, options())
	push, err := f.engine.Pusher(t.Context())
	require.NoError(t, err)
	require.NoError(t, f.engine.Close())
	_, err = push.PushNote(t.Context(), attrove.PushNoteIn{Body: "late", Title: "late"})
	var failure *attrove.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, attrove.CodeUpstream, failure.Code)
}
