package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAModelAnswers: with --llm-url a question's answer is the model's, and the
// result says so.
func TestAModelAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "Bearer sk-planted", r.Header.Get("Authorization"))
		var asked struct{ Messages []struct{ Content string } }
		var data struct {
			Evidence []struct {
				Number int
				Text   string
			}
		}
		if !assert.NoError(t, json.NewDecoder(r.Body).Decode(&asked)) || !assert.Len(t, asked.Messages, 2) ||
			!assert.NoError(t, json.Unmarshal([]byte(asked.Messages[1].Content), &data)) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		said := "Nobody says."
		for _, line := range data.Evidence {
			if strings.Contains(line.Text, "USD 9,800") {
				said = fmt.Sprintf("It cost them USD 9,800 [%d].", line.Number)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"choices":[{"message":{"content":%q}}]}`, said)
	}))
	defer server.Close()

	got := command(t, "", "call", "--demo", "--as-of", "2026-11-19", "--llm-url", server.URL, "--llm-model", "small", "--llm-key", "sk-planted",
		"attrove_query", `{"query":"How much did the outage cost Corvane?"}`)
	require.Equal(t, exitOK, got.exit, got.err)
	var out struct {
		Answer    string
		PhrasedBy string `json:"phrased_by"`
		Untrusted []string
		Coverage  struct{ Model string }
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &out), got.out)
	assert.Regexp(t, `^It cost them USD 9,800 \[(msg|mtg)_\w+\]\.$`, out.Answer)
	assert.Equal(t, "small", out.PhrasedBy)
	assert.Equal(t, server.Listener.Addr().String(), out.Coverage.Model)
	assert.Contains(t, out.Untrusted, "answer")
	assert.NotContains(t, got.out+got.err, "sk-planted")
}
