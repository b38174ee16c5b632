package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestDoctorAsksModels: a wrong key, name or path is told by the flag that sets it,
// and a model is sent nothing but our own question.
func TestDoctorAsksModels(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answerProbe))
	defer server.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	v1 := server.URL + "/v1"
	for _, c := range []struct {
		name string
		args []string
		exit int
		out  string
	}{
		{"both", []string{"--llm-url", v1, "--llm-model", "small", "--llm-key", "sk-right", "--embeddings-url", v1, "--embeddings-model", "near", "--embeddings-key", "sk-right"},
			exitOK, `(?s)^--llm-url small: the model at [\d.:]+: it answers, after \w+\.\n--embeddings-url near: .*vectors of 3 numbers`},
		{"key", []string{"--llm-url", v1, "--llm-model", "small", "--llm-key", "sk-wrong"}, exitError, `status 401; the key is wrong or missing: see --llm-key\.`},
		{"name", []string{"--embeddings-url", v1, "--embeddings-model", "far", "--embeddings-key", "sk-right"}, exitError, `status 404; it has no such model.* see --embeddings-model`},
		{"path", []string{"--llm-url", server.URL, "--llm-model", "small", "--llm-key", "sk-right"}, exitError, `another path, mostly /v1: see --llm-model and --llm-url`},
		{"nobody there", []string{"--llm-url", closed.URL, "--llm-model", "small"}, exitError, `connection refused`},
		{"one of two", []string{"--llm-url", v1, "--llm-model", "small", "--llm-key", "sk-right", "--embeddings-url", closed.URL, "--embeddings-model", "near"}, exitError, `it answers`},
		{"none", nil, exitUsage, `^$`},
		{"nameless", []string{"--llm-url", v1}, exitUsage, `^$`},
		{"open", []string{"--llm-url", "http://models.example.com/v1", "--llm-model", "small"}, exitUsage, `^$`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := command(t, "", append([]string{"doctor", "--models"}, c.args...)...)
			assert.Equal(t, c.exit, got.exit, got.err)
			assert.Regexp(t, c.out, got.out)
			assert.NotContains(t, got.out+got.err, "sk-")
		})
	}
}

// answerProbe has one model of each kind.
func answerProbe(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	asked := string(body)
	reply := map[string]string{
		"/v1/chat/completions small": `{"choices":[{"message":{"content":"Yes."}}]}`,
		"/v1/embeddings near":        `{"data":[{"index":0,"embedding":[0.6,0.8,0]}]}`,
	}
	w.Header().Set("Content-Type", "application/json")
	for of, says := range reply {
		path, model, _ := strings.Cut(of, " ")
		switch {
		case err != nil || r.URL.Path != path || !strings.Contains(asked, `"model":"`+model+`"`) || !strings.Contains(asked, "Are you there?"):
		case r.Header.Get("Authorization") != "Bearer sk-right":
			w.WriteHeader(http.StatusUnauthorized)
			return
		default:
			_, _ = io.WriteString(w, says) // a client that went away shows in the test
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}
