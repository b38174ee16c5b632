package transport

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/attrove/attrove-mcp/internal/rpc"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

// counted counts requests by what they were for and how they were answered.
func counted(t *telemetry.Telemetry, next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := replyOf(w)
		defer func() { t.Answered(place(r.URL.Path), statusOf(answer)) }() // also where a connection is dropped
		next.ServeHTTP(answer, r)
		if answer.status == 0 && r.Context().Err() == nil {
			answer.status = http.StatusOK // which net/http answers now
		}
	})
}

// place is the path that a request is counted under: one that is served.
func place(path string) string {
	switch {
	case path == Path, path == "/healthz", path == "/webhooks/attrove":
		return path
	case strings.HasPrefix(path, MetadataPath):
		return MetadataPath
	}
	return "_other"
}

func statusOf(r *reply) string {
	if r.status == 0 {
		return "none" // whoever asked was gone
	}
	return strconv.Itoa(r.status)
}

// observed times the request that a message makes, and traces it. What came of it
// is noted by those who know.
func observed(t *telemetry.Telemetry, next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := rpc.MessageFrom(r.Context())
		ctx, op := t.Begin(r.Context(), telemetry.Request{
			Method: m.Method, Version: m.Version, Meta: parentIn(m.Meta), HTTP: r.Header.Get("Traceparent"),
		})
		defer op.End()
		switch m.Method {
		case "tools/call":
			op.Tool(m.Name, telemetry.OK)
		case "prompts/get":
			op.Prompt(m.Name)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// parentIn is the traceparent in _meta, where one message in a thousand has one.
func parentIn(meta json.RawMessage) string {
	if !bytes.Contains(meta, []byte(`"traceparent"`)) {
		return ""
	}
	var trace struct {
		Parent string `json:"traceparent"`
	}
	_ = json.Unmarshal(meta, &trace) // what is no string is no parent
	return trace.Parent
}
