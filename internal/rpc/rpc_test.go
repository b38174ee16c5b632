package rpc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/rpc"
)

func TestReadsARequest(t *testing.T) {
	body := []byte(` {"params" : {"_meta":{"io.modelcontextprotocol\/protocolVersion":"2026-07-28"}, "name":"summ\u0061ry", "uri":"a:b", "arguments" :[ 1 ] },
		"id":"a\"1", "jsonrpc":"2.0","method":"tools/call"} `)
	m, err := rpc.Read(body)
	require.NoError(t, err)
	assert.Equal(t, rpc.Message{
		ID: json.RawMessage(`"a\"1"`), Method: "tools/call", Name: "summary", URI: "a:b", Arguments: json.RawMessage(`[ 1 ]`),
		Params:  json.RawMessage(`{"_meta":{"io.modelcontextprotocol\/protocolVersion":"2026-07-28"}, "name":"summ\u0061ry", "uri":"a:b", "arguments" :[ 1 ] }`),
		Meta:    json.RawMessage(`{"io.modelcontextprotocol\/protocolVersion":"2026-07-28"}`),
		Version: "2026-07-28", Body: body,
	}, *m)
	assert.False(t, m.Notification())
	assert.False(t, m.Response())
	assert.Same(t, m, rpc.MessageFrom(rpc.WithMessage(t.Context(), m)))
	assert.Nil(t, rpc.MessageFrom(context.Background()))
}

func TestKindsOfMessages(t *testing.T) {
	for body, want := range map[string]string{
		`{"jsonrpc":"2.0","id":1,"method":"ping"}`:                               "request",
		`{"jsonrpc":"2.0","id":-9007199254740991,"method":"ping"}`:               "request",
		`{"jsonrpc":"2.0","id":1.0,"method":"ping","params":null}`:               "request",
		`{"jsonrpc":"2.0","id":"","method":"ping","params":{"_meta":null}}`:      "request",
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`:                 "notification",
		`{"jsonrpc":"2.0","id":1,"result":{}}`:                                   "response",
		`{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"m"},"extra":[]}`: "response",
	} {
		m, err := rpc.Read([]byte(body))
		require.NoError(t, err, body)
		got := "request"
		switch {
		case m.Response():
			got = "response"
		case m.Notification():
			got = "notification"
		}
		assert.Equal(t, want, got, body)
	}
}

func nested(levels int) string {
	return `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}}`
}

func TestRefuses(t *testing.T) {
	request := func(more string) string { return `{"jsonrpc":"2.0","id":1,"method":"m"` + more + `}` }
	many := func() string {
		var all strings.Builder
		for i := range 65 {
			fmt.Fprintf(&all, `,"m%d":1`, i)
		}
		return all.String()
	}()
	for _, c := range []struct {
		body string
		code int
		says string
	}{
		{"", rpc.ParseError, "JSON"},
		{"{", rpc.ParseError, "JSON"},
		{request("") + "{}", rpc.ParseError, "JSON"},
		{request(`,"x":NaN`), rpc.ParseError, "JSON"},
		{request(",\"x\":\"\xff\""), rpc.ParseError, "UTF-8"},
		{"\ufeff" + request(""), rpc.ParseError, "JSON"},
		{"null", rpc.InvalidRequest, "object"},
		{`"x"`, rpc.InvalidRequest, "object"},
		{"[" + request("") + "]", rpc.InvalidRequest, "batches"},
		{"[]", rpc.InvalidRequest, "batches"},
		{"{}", rpc.InvalidRequest, "2.0"},
		{nested(127), rpc.InvalidRequest, "nested"},
		{strings.Repeat("[", 1<<20), rpc.InvalidRequest, "nested"},
		{strings.Repeat(`{"a":`, 1<<17), rpc.InvalidRequest, "nested"},
		{`{"jsonrpc":"1.0","id":1,"method":"m"}`, rpc.InvalidRequest, "2.0"},
		{`{"jsonrpc":2.0,"id":1,"method":"m"}`, rpc.InvalidRequest, "2.0"},
		{`{"jsonrpc":"2.0","id":1}`, rpc.InvalidRequest, "no method"},
		{`{"jsonrpc":"2.0","result":{}}`, rpc.InvalidRequest, "no method"},
		{`{"jsonrpc":"2.0","id":1,"method":7}`, rpc.InvalidRequest, "method"},
		{`{"jsonrpc":"2.0","id":1,"method":null}`, rpc.InvalidRequest, "method"},
		{`{"jsonrpc":"2.0","id":1,"method":""}`, rpc.InvalidRequest, "method"},
		{request(`,"result":{}`), rpc.InvalidRequest, "not both"},
		{`{"jsonrpc":"2.0","id":null,"method":"m"}`, rpc.InvalidRequest, "id"},
		{`{"jsonrpc":"2.0","id":true,"method":"m"}`, rpc.InvalidRequest, "id"},
		{`{"jsonrpc":"2.0","id":1.5,"method":"m"}`, rpc.InvalidRequest, "id"},
		{`{"jsonrpc":"2.0","id":{},"method":"m"}`, rpc.InvalidRequest, "id"},
		{`{"jsonrpc":"2.0","id":9007199254740993,"method":"m"}`, rpc.InvalidRequest, "id"},
		{`{"jsonrpc":"2.0","id":1e999,"method":"m"}`, rpc.InvalidRequest, "id"},
		{`{"jsonrpc":"2.0","id":"` + strings.Repeat("x", 1<<10) + `","method":"m"}`, rpc.InvalidRequest, "longer"},
		{request(`,"id":2`), rpc.InvalidRequest, "two members"},
		{request(`,"m\u0065thod":"other"`), rpc.InvalidRequest, "two members"},
		{request(`,"x":1,"X":2`), rpc.InvalidRequest, "two members"},
		{`{"jsonrpc":"2.0","ID":1,"method":"m"}`, rpc.InvalidRequest, "spelled id"},
		{request(`,"param\u017f":{}`), rpc.InvalidRequest, "spelled params"},
		{request(many), rpc.InvalidRequest, "64 members"},
		{request(`,"params":[]`), rpc.InvalidParams, "params"},
		{request(`,"params":"x"`), rpc.InvalidParams, "params"},
		{request(`,"params":{"name":"a","name":"b"}`), rpc.InvalidRequest, "params has two"},
		{request(`,"params":{"Name":"a"}`), rpc.InvalidRequest, "spelled name"},
		{request(`,"params":{"_meta":[]}`), rpc.InvalidParams, "_meta"},
		{request(`,"params":{"_meta":{"` + rpc.MetaVersion + `":"1","` + rpc.MetaVersion + `":"2"}}`), rpc.InvalidRequest, "_meta has two"},
	} {
		m, err := rpc.Read([]byte(c.body))
		var wrong *rpc.Error
		require.ErrorAs(t, err, &wrong, "%.200s", c.body)
		assert.Equal(t, c.code, wrong.Code, "%.200s", c.body)
		assert.Contains(t, wrong.Message, c.says, "%.200s", c.body)
		require.NotNil(t, m)
	}
	_, err := rpc.Read([]byte(nested(126)))
	require.NoError(t, err)
}

// TestRefusingIsCheap: whoever sends nonsense must not make us work for it.
func TestRefusingIsCheap(t *testing.T) {
	for _, body := range []string{strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 1<<17), strings.Repeat("\xff", 1<<20), `"` + strings.Repeat("x", 1<<20)} {
		raw := []byte(body)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 10 {
			_, _ = rpc.Read(raw)
		}
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<10), "%.20s", body)
	}
}

func TestErrorsAnswer(t *testing.T) {
	answer, err := (&rpc.Error{Code: rpc.UnsupportedVersion, Message: "m", Data: &rpc.Versions{Supported: []string{"a"}, Requested: "b"}}).Answer(json.RawMessage("7"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"jsonrpc":"2.0","id":7,"error":{"code":-32022,"message":"m","data":{"supported":["a"],"requested":"b"}}}`, string(answer))
	answer, err = (&rpc.Error{Code: rpc.ParseError, Message: "m"}).Answer(nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"jsonrpc":"2.0","error":{"code":-32700,"message":"m"}}`, string(answer))
}

// FuzzRead holds what is read against encoding/json, with which handlers read the
// same message later.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"b":[1]},"_meta":{"` + rpc.MetaVersion + `":"2026-07-28"}}}`,
		`{"jsonrpc":"2.0","id":"\u0000","method":"\ud800","params":{"uri":"\"}"}}`, `[{}]`, `{"id":1e9,"id":2}`, nested(3), "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := rpc.Read(body)
		if err != nil {
			return
		}
		var same struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params json.RawMessage `json:"params"`
		}
		require.NoError(t, json.Unmarshal(body, &same))
		assert.Equal(t, string(same.ID), string(m.ID))
		assert.Equal(t, same.Method, m.Method)
		if m.Params == nil {
			return
		}
		assert.Equal(t, string(same.Params), string(m.Params))
		var params struct {
			Name      json.RawMessage `json:"name"`
			Arguments json.RawMessage `json:"arguments"`
			Meta      json.RawMessage `json:"_meta"`
		}
		require.NoError(t, json.Unmarshal(m.Params, &params))
		assert.Equal(t, string(params.Arguments), string(m.Arguments))
		var name string
		if json.Unmarshal(params.Name, &name) == nil && params.Name[0] == '"' {
			assert.Equal(t, name, m.Name)
		}
		if m.Meta != nil {
			assert.Equal(t, string(params.Meta), string(m.Meta))
		}
	})
}

func BenchmarkRead(b *testing.B) {
	body := []byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"what did we agree on with the landlord?"},` +
		`"_meta":{"` + rpc.MetaVersion + `":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rpc.Read(body); err != nil {
			b.Fatal(err)
		}
	}
}
