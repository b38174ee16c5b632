// Package attrovetest has an upstream for tests that says what it is told to
// and remembers what it was asked.
package attrovetest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// Request is what an upstream was asked.
type Request struct {
	Method string
	Path   string
	Query  string // decoded
	Body   string
	Key    string // of the Authorization header
}

// Upstream is an http.RoundTripper that never leaves the process.
type Upstream struct {
	Answer http.HandlerFunc // nil answers everything with {}
	Ours   bool             // it stands for this project's engine

	mu       sync.Mutex
	requests []Request
}

// Says answers every request with status and body.
func Says(status int, body string) *Upstream {
	return &Upstream{Answer: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // a recorder takes everything
	}}
}

// Client is a client of the upstream. What passes between them, the logs may not
// repeat.
func (u *Upstream) Client(tb testing.TB, logs ...*safetest.Logs) *attrove.Client {
	tb.Helper()
	var way http.RoundTripper = u
	for _, l := range logs {
		way = l.Between(tb, way)
	}
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "https://upstream.example", Transport: way, Ours: u.Ours,
		ClientID: "partner", ClientSecret: "partner-secret"})
	require.NoError(tb, err)
	return c
}

// RoundTrip records the request and answers it.
func (u *Upstream) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	query := ""
	if values := r.URL.Query(); len(values) > 0 {
		encoded, err := json.Marshal(values)
		if err != nil {
			return nil, err
		}
		query = string(encoded)
	}
	u.mu.Lock()
	u.requests = append(u.requests, Request{
		Method: r.Method, Path: r.URL.Path, Query: query, Body: string(body), Key: r.Header.Get("Authorization"),
	})
	u.mu.Unlock()
	w := httptest.NewRecorder()
	if u.Answer != nil {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		u.Answer(w, again)
	} else {
		_, _ = io.WriteString(w, "{}") // a recorder takes everything
	}
	return w.Result(), nil
}

// Requests lists what was asked so far.
func (u *Upstream) Requests() []Request {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]Request(nil), u.requests...)
}
