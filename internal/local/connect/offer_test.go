package connect

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

func newServer(t *testing.T, now func() time.Time) *Server {
	t.Helper()
	s, err := store.Open(t.Context(), "")
	require.NoError(t, err)
	user := store.User{ID: "u", Email: "me@example.com", CreatedAt: now(), UpdatedAt: now()}
	require.NoError(t, s.CreateUser(t.Context(), user, []byte("key")))
	server := Start(t.Context(), Options{Store: s, Now: now, Log: safetest.Log(t, io.Discard).Logger,
		Push:  func(store.User) importer.Pusher { return nil }, // nothing is handed over
		Drain: func(context.Context, string) error { return nil },
	})
	t.Cleanup(func() {
		server.Close()
		assert.NoError(t, s.Close())
	})
	return server
}

func served(t *testing.T, link Link) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link.URL, nil)
	require.NoError(t, err)
	resp, err := new(http.Transport).RoundTrip(req) // on a connection of its own
	if err != nil {
		return false
	}
	return assert.NoError(t, resp.Body.Close())
}

func TestOffersExpire(t *testing.T) {
	at := time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)
	s := newServer(t, func() time.Time { return at })
	first, err := s.Offer(t.Context(), "u")
	require.NoError(t, err)
	assert.Equal(t, at.Add(time.Hour), first.ExpiresAt)
	assert.True(t, served(t, first))

	at = at.Add(time.Hour)
	second, err := s.Offer(t.Context(), "u")
	require.NoError(t, err)
	assert.NotEqual(t, first.URL, second.URL)
	assert.False(t, served(t, first), "its listener ended")
	assert.True(t, served(t, second))

	s.offer.expire()
	assert.False(t, served(t, second))
}

func TestOffersStayWhileTheyImport(t *testing.T) {
	s := newServer(t, time.Now)
	s.imports.Stop() // so that what is queued stays so
	link, err := s.Offer(t.Context(), "u")
	require.NoError(t, err)
	c, err := s.o.Store.ConnectByKey(t.Context(), hash(link.Key))
	require.NoError(t, err)
	require.NoError(t, s.o.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.BeginConnect(c, "upload", time.Now()) }))
	s.offer.expire()
	assert.True(t, served(t, link))
}

func TestFileNames(t *testing.T) {
	for given, want := range map[string]string{
		"Inbox": "Inbox", "All mail Including Spam.mbox": "All mail Including Spam.mbox", `C:\Users\ann\Sent.mbox`: "Sent.mbox",
		"../../etc/passwd": "passwd", "..": "mailbox", "": "mailbox", "/": "_", ".hidden": "hidden", "a\x00b\nc": "a_b_c", "Gelöscht": "Gelöscht",
	} {
		assert.Equal(t, want, fileName(given), given)
	}
	assert.LessOrEqual(t, len(fileName(string(make([]rune, 5000))+".mbox")), 255)
}
