package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/rpc"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// listenFor answers a request for a stream with what next does.
func listenFor(streams context.Context, t *testing.T, next http.HandlerFunc) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, transport.Path, http.NoBody)
	r.Header.Set("Mcp-Method", "subscriptions/listen")
	transport.Listening(streams, 20*time.Second, next).ServeHTTP(w, r)
	return w
}

// TestSilentStreamsLive: proxies cut those of which nothing comes.
func TestSilentStreamsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, end := context.WithCancel(t.Context())
		w := listenFor(streams, t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.WriteHeader(http.StatusOK)
			_, _ = io.WriteString(w, "data: 1\n\n")
			time.Sleep(50 * time.Second)
			_, _ = io.WriteString(w, "data: 2\n\n")
			end()
			<-r.Context().Done()
			time.Sleep(time.Hour) // nothing comes when it has ended
		})
		assert.Equal(t, "no", w.Header().Get("X-Accel-Buffering"))
		assert.True(t, w.Flushed)
		assert.Equal(t, "data: 1\n\n:\n\n:\n\ndata: 2\n\n", w.Body.String())
	})
}

// TestAnswersHoldNoComments: an error is no stream.
func TestAnswersHoldNoComments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := listenFor(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Minute)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			time.Sleep(time.Minute)
			_, _ = io.WriteString(w, "{}")
		})
		assert.Equal(t, "{}", w.Body.String())
	})
}

// TestStreamsEndWithAnAnswer: whoever is told that it was meant listens elsewhere.
func TestStreamsEndWithAnAnswer(t *testing.T) {
	message, err := rpc.Read([]byte(`{"jsonrpc":"2.0","id":"s1","method":"subscriptions/listen"}`))
	require.NoError(t, err)
	const answer = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"s1\",\"result\":{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"s1\"}}}\n\n"
	for name, c := range map[string]struct {
		contentType  string
		server, left bool // who ended it
		want         string
	}{
		"by the server":        {"text/event-stream", true, false, "data: 1\n\n" + answer},
		"by the client":        {"text/event-stream", false, true, "data: 1\n\n"},
		"by itself":            {"text/event-stream", false, false, "data: 1\n\n"},
		"what was no stream":   {"application/json", true, false, "data: 1\n\n"},
		"by both, client last": {"text/event-stream", true, true, "data: 1\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			streams, end := context.WithCancel(t.Context())
			defer end()
			request, leave := context.WithCancel(rpc.WithMessage(t.Context(), message))
			defer leave()
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(request, http.MethodPost, transport.Path, http.NoBody)
			r.Header.Set("Mcp-Method", "subscriptions/listen")
			transport.Listening(streams, time.Hour, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				_, _ = io.WriteString(w, "data: 1\n\n")
				if c.server {
					end()
					<-r.Context().Done()
				}
				if c.left {
					leave()
				}
			})).ServeHTTP(w, r)
			assert.Equal(t, c.want, w.Body.String())
		})
	}
}
