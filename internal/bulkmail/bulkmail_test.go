package bulkmail_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/bulkmail"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// TestMailbox reads what was written as an importer does.
func TestMailbox(t *testing.T) {
	const n = 300
	corpus := bulkmail.New(1)
	var box, again bytes.Buffer
	require.NoError(t, corpus.WriteMbox(&box, n, bulkmail.WithAttachments))
	require.NoError(t, bulkmail.New(1).WriteMbox(&again, n, bulkmail.WithAttachments))
	require.Equal(t, box.Bytes(), again.Bytes(), "the same each time")
	require.NoError(t, bulkmail.New(2).WriteMbox(&again, n, bulkmail.TextOnly))
	require.NotEqual(t, box.Bytes(), again.Bytes())

	reader := mbox.NewReader(bytes.NewReader(box.Bytes()), 0)
	quoting, attached := 0, 0
	for i := range n {
		raw, err := reader.Next()
		require.NoError(t, err)
		want, got := corpus.Message(i), mail.Read(raw.Raw, mail.Context{Latest: bulkmail.Time(n)})
		require.Empty(t, got.Unreadable)
		require.Equal(t, bulkmail.ID(i), got.ID)
		require.Equal(t, want.Subject, got.Subject)
		require.Equal(t, want.SentAt, got.Date.UTC())
		require.Equal(t, mail.Address{Name: want.From.Name, Email: want.From.Email}, got.From)
		require.Len(t, got.Recipients, len(want.To))
		require.Equal(t, strings.Fields(want.Body), strings.Fields(got.Body))
		require.Equal(t, want.Quoted != "", got.Quoted != "")
		if got.Quoted != "" {
			quoting++
		}
		attached += len(got.Attachments)
	}
	_, err := reader.Next()
	require.ErrorIs(t, err, io.EOF)
	assert.Greater(t, quoting, n/8)
	assert.Greater(t, attached, n/50)
}

func TestThreads(t *testing.T) {
	corpus := bulkmail.New(1)
	roots := map[int]bool{}
	for i := range 1000 {
		m := corpus.Message(i)
		require.Less(t, m.Parent, i)
		require.LessOrEqual(t, m.Root, i)
		require.Equal(t, m.Parent < 0, m.Root == i)
		if m.Parent >= 0 {
			require.Equal(t, corpus.Message(m.Parent).Root, m.Root)
		}
		roots[m.Root] = true
	}
	assert.InDelta(t, 480, len(roots), 60)
}
