package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/telemetry"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// TestRequestsAreCounted: each once, whatever becomes of it, under a path that is
// served.
func TestRequestsAreCounted(t *testing.T) {
	observed, err := telemetry.New(t.Context(), telemetry.Options{})
	require.NoError(t, err)
	listener, err := transport.Bind(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- transport.Serve(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.RawQuery {
			case "panic":
				panic("planted")
			case "late":
				_, _ = io.WriteString(w, "{")
				panic("planted")
			case "drop":
				panic(http.ErrAbortHandler)
			case "refuse":
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}), transport.Edge{Telemetry: observed}, log(t, io.Discard).Logger)
	}()
	for _, target := range []string{"/mcp", "/mcp?panic", "/mcp?late", "/mcp?drop", "/mcp?refuse", "/healthz", "/planted",
		transport.MetadataPath + "/mcp"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+listener.Addr().String()+target, http.NoBody)
		require.NoError(t, err)
		if answer, err := http.DefaultClient.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body) // some break off
			require.NoError(t, answer.Body.Close())
		}
	}
	stop()
	require.NoError(t, <-served)

	answer := httptest.NewRecorder()
	observed.Metrics().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	got := answer.Body.String()
	for _, want := range []string{
		`attrove_mcp_http_requests_total{path="/mcp",status="200"} 2`, // one broke off
		`attrove_mcp_http_requests_total{path="/mcp",status="500"} 1`,
		`attrove_mcp_http_requests_total{path="/mcp",status="none"} 1`,
		`attrove_mcp_http_requests_total{path="/mcp",status="429"} 1`,
		`attrove_mcp_http_requests_total{path="/healthz",status="200"} 1`,
		`attrove_mcp_http_requests_total{path="_other",status="200"} 1`,
		`attrove_mcp_http_requests_total{path="/.well-known/oauth-protected-resource",status="200"} 1`,
		`attrove_mcp_panics_total{where="http"} 2`,
	} {
		assert.Contains(t, got, want+"\n")
	}
	assert.NotContains(t, got, "planted")
}
