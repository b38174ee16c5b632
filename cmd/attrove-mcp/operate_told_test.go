//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNothingIsTold: whatever people say where, neither the audit log nor metrics
// nor traces repeat it; of what is logged start sees to it.
func TestNothingIsTold(t *testing.T) {
	var mu sync.Mutex
	var traced strings.Builder
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		traced.Write(body)
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	var sent sync.Map // headers to Attrove
	p := start(t, func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			sent.LoadOrStore(name, strings.Join(values, ",")) // of the first call
		}
		if strings.Contains(r.URL.Path, "planted") {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = fmt.Fprint(w, `{"data":{"id":"g_1","title":"planted","status":"queued","lifecycle":"active"},"error":{"code":"PLANTED planted","message":"planted"}}`)
	}, "--audit-log", file, "--audit-reads")

	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	meta := `"_meta":{"traceparent":"` + parent + `","tracestate":"planted=planted","baggage":"user=planted"}`
	for _, message := range []string{
		`"method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"planted"},` + meta + `}`,
		`"method":"tools/call","params":{"name":"attrove_push_note","arguments":{"body":"planted"},` + meta + `}`,
		`"method":"tools/call","params":{"name":"attrove_get_goal_status","arguments":{"goal_id":"planted"}}`,
		`"method":"tools/call","params":{"name":"attrove_get_goal_status","arguments":{"planted":"planted"}}`,
		`"method":"tools/call","params":{"name":"attrove_archive_goal","arguments":{"goal_id":"g_1","reason":"planted"}}`,
		`"method":"tools/call","params":{"name":"planted"}`,
		`"method":"prompts/get","params":{"name":"planted","arguments":{"planted":"planted"}}`,
		`"method":"resources/read","params":{"uri":"attrove://goals/planted"}`,
		`"method":"planted/planted","params":{"planted":"planted"}`,
	} {
		answer, err := p.post(`{"jsonrpc":"2.0","id":"planted",`+message+`}`, "Tracestate", "planted=planted", "Baggage", "user=planted")
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
	}
	_, metrics := p.get("/metrics")
	p.signal(syscall.SIGTERM)
	require.NoError(t, p.exits())
	noted, err := os.ReadFile(file)
	require.NoError(t, err)
	mu.Lock()
	defer mu.Unlock()

	assert.Contains(t, traced.String(), "tools/call attrove_query")
	assert.Contains(t, metrics, `gen_ai_tool_name="attrove_query"`)
	assert.Contains(t, string(noted), `"tool":"attrove_archive_goal","objects":["g_1"]`)
	assert.Contains(t, string(noted), `"trace":"0af7651916cd43dd8448eb211c80319c"`)
	for where, told := range map[string]string{"audit log": string(noted), "metrics": metrics, "traces": traced.String()} {
		assert.NotContains(t, strings.ToLower(told), "planted", where)
	}
	upstream, _ := sent.Load("Traceparent")
	assert.Contains(t, upstream, "00-0af7651916cd43dd8448eb211c80319c-", "Attrove is told which trace it is")
	for _, name := range []string{"Tracestate", "Baggage"} {
		_, told := sent.Load(name)
		assert.False(t, told, "%s goes no further", name)
	}
}
