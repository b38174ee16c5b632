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
