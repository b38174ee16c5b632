package embed_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/embed/embedtest"
	"github.com/attrove/attrove-mcp/internal/local/endpoint"
)

func TestNewChecksTheURL(t *testing.T) {
	for url, wrong := range map[string]string{
		"https://models.example.com/v1":  "",
		"http://127.0.0.1:11434/v1":      "",
		"http://models.example.com/v1":   "must be https",
		"https://me:pw@models.example":   "no credentials",
		"https://models.example/v1?k=pw": "no credentials",
		"models.example.com":             "write it like",
	} {
		_, err := embed.New(endpoint.Options{URL: url, Name: "small"})
		if wrong == "" {
			require.NoError(t, err, url)
			continue
		}
		require.ErrorContains(t, err, wrong, url)
		assert.NotContains(t, err.Error(), "pw")
	}
	_, err := embed.New(endpoint.Options{URL: "https://models.example.com/v1"})
	require.ErrorContains(t, err, "no name")
}

func TestVectors(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
	model := embedtest.Serve(t, map[string]string{"automobile": "car"})
	c := model.Client(t, "small")
	assert.Equal(t, "small", c.Name())
	assert.Contains(t, model.URL, c.Host())

	all, err := c.Passages(t.Context(), []string{"a car in the garage", "pizza for lunch"})
	require.NoError(t, err)
	q, err := c.Query(t.Context(), "automobile")
	require.NoError(t, err)
	near, far := q.Cosine(all[0].Pack()), q.Cosine(all[1].Pack())
	assert.Greater(t, near, 0.5)
	assert.Less(t, far, 0.1)
	assert.InDelta(t, 1, q.Cosine(q.Pack()), 1e-3)
	assert.Zero(t, q.Cosine([]byte{1, 2}), "of another model")
	assert.Equal(t, []string{"a car in the garage", "pizza for lunch", "automobile"}, model.Read())
}

// TestFailures: once, without a retry, and without content in the error.
func TestFailures(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	answer := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, body)
		}
	}
	refuse := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_, _ = io.Copy(w, r.Body)
		}
	}
	long, err := json.Marshal(make([]float64, 5000))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		err    string
		text   bool // the text is at fault
	}{
		"refuses":       {refuse(http.StatusUnauthorized), "status 401", false},
		"is down":       {refuse(http.StatusBadGateway), "status 502", false},
		"takes no text": {refuse(http.StatusBadRequest), "status 400", true},
		"breaks on it":  {refuse(http.StatusInternalServerError), "status 500", true},
		"sends us": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}, "another address", false},
		"no JSON":          {answer(`{"data": planted`), "cannot be read", false},
		"none":             {answer(`{"data": []}`), "lacks a vector", false},
		"one of two":       {answer(`{"data": [{"index": 0, "embedding": [1, 0]}]}`), "lacks a vector", false},
		"several lengths":  {answer(`{"data": [{"index": 0, "embedding": [1, 0]}, {"index": 1, "embedding": [1]}]}`), "several lengths", false},
		"another's":        {answer(`{"data": [{"index": 7, "embedding": [1, 0]}]}`), "other texts", false},
		"twice the same":   {answer(`{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}`), "other texts", false},
		"pointing nowhere": {answer(`{"data": [{"index": 0, "embedding": [0, 0]}, {"index": 1, "embedding": [1, 0]}]}`), "points nowhere", false},
		"too long":         {answer(`{"data": [{"index": 0, "embedding": ` + strings.Replace(string(long), "0", "1", 1) + `}]}`), "too long", false},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { calls.Add(1); c.handle(w, r) }))
			t.Cleanup(server.Close)
			client, err := embed.New(endpoint.Options{URL: server.URL, Name: "small", Key: "sk-model"})
			require.NoError(t, err)
			_, err = client.Passages(t.Context(), []string{"planted", "text"})
			require.ErrorContains(t, err, c.err)
			assert.Equal(t, c.text, errors.Is(err, embed.ErrText))
			assert.NotContains(t, err.Error(), "planted")
			assert.NotContains(t, err.Error(), "sk-model")
			assert.EqualValues(t, 1, calls.Load())
		})
	}
	assert.Zero(t, elsewhere.Load())
}

// TestQueriesLeaveAFailingModelAlone: searches do not wait for it one after another.
func TestQueriesLeaveAFailingModelAlone(t *testing.T) {
	model := embedtest.Serve(t, nil)
	model.Answer(http.StatusServiceUnavailable)
	c := model.Client(t, "small")
	for range 5 {
		_, err := c.Query(t.Context(), "roof")
		require.Error(t, err)
	}
	assert.Len(t, model.Read(), 2)
}
