// Package embedtest is a small model of embeddings for tests, on loopback.
package embedtest

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/endpoint"
	"github.com/attrove/attrove-mcp/internal/local/prose"
)

const dimensions = 256

// Model knows words, and which mean the same.
type Model struct {
	URL string // where its API begins

	same map[string]string

	mu     sync.Mutex
	status int
	most   int
	read   []string
}

// Serve starts a model that ends with the test. Same has for some words others that
// mean the same, both in lower case.
func Serve(tb testing.TB, same map[string]string) *Model {
	tb.Helper()
	m := &Model{same: same}
	server := httptest.NewServer(http.HandlerFunc(m.serve))
	tb.Cleanup(server.Close)
	m.URL = server.URL + "/v1"
	return m
}

// Client returns a client of the model under a name.
func (m *Model) Client(tb testing.TB, name string) *embed.Client {
	tb.Helper()
	c, err := embed.New(endpoint.Options{URL: m.URL, Name: name, Key: "sk-model"})
	require.NoError(tb, err)
	return c
}

// Answer has all calls from now on fail with an HTTP status; 200 ends that.
func (m *Model) Answer(status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status = status
}

// Take has texts of more than so many bytes refused; 0 ends that.
func (m *Model) Take(most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.most = most
}

// Read returns all the texts that the model was sent.
func (m *Model) Read() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.read...)
}

func (m *Model) serve(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var asked struct{ Input []string }
	err := json.NewDecoder(r.Body).Decode(&asked)
	m.read = append(m.read, asked.Input...)
	status := m.status
	for _, text := range asked.Input {
		if m.most > 0 && len(text) > m.most {
			status = http.StatusBadRequest
		}
	}
	switch {
	case err != nil || r.URL.Path != "/v1/embeddings":
		status = http.StatusNotFound
	case status == 0:
		status = http.StatusOK
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status != http.StatusOK {
		return
	}
	type one struct {
		Index     int       `json:"index"`
		Embedding []float64 `json:"embedding"`
	}
	var reply struct {
		Data []one `json:"data"`
	}
	for i, text := range asked.Input {
		reply.Data = append(reply.Data, one{i, m.vector(text)})
	}
	_ = json.NewEncoder(w).Encode(reply) // the client notices
}

// vector has a dimension or two for each word that is no stop word.
func (m *Model) vector(text string) []float64 {
	v := make([]float64, dimensions)
	v[0] = 0.01 // of a text without words
	for _, w := range prose.Words(text) {
		if prose.IsStopWord(w) {
			continue
		}
		if other, ok := m.same[w]; ok {
			w = other
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(prose.Stem(w))) // it never fails
		sum := h.Sum64()
		v[sum%dimensions]++
		v[sum>>32%dimensions]++
	}
	return v
}
