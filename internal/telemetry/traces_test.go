package telemetry_test

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	pb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

const (
	theirTrace  = "0af7651916cd43dd8448eb211c80319c"
	theirSpan   = "b7ad6b7169203331"
	theirParent = "00-" + theirTrace + "-" + theirSpan + "-01"
	proxyParent = "00-11111111111111111111111111111111-2222222222222222-01"
)

// collected is what a collector was sent: the spans by name, and all of it as text.
type collected struct {
	spans map[string]*pb.Span
	all   string
}

// collect has what happens in during traced, and returns what a collector gets.
func collect(t *testing.T, during func(*telemetry.Telemetry)) collected {
	t.Helper()
	got := collected{spans: map[string]*pb.Span{}}
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/v1/traces", r.URL.Path)
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			var err error
			body, err = gzip.NewReader(r.Body)
			assert.NoError(t, err)
		}
		raw, err := io.ReadAll(body)
		assert.NoError(t, err)
		var sent collector.ExportTraceServiceRequest
		assert.NoError(t, proto.Unmarshal(raw, &sent))
		got.all += sent.String()
		for _, resource := range sent.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, span := range scope.Spans {
					got.spans[span.Name] = span
				}
			}
		}
	}))
	t.Cleanup(sink.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.URL)
	observed, err := telemetry.New(t.Context(), telemetry.Options{Version: "v1.2.3", Tools: []string{"attrove_search"}, Env: os.LookupEnv})
	require.NoError(t, err)
	during(observed)
	require.NoError(t, observed.Close(context.WithoutCancel(t.Context())))
	return got
}

func attributes(span *pb.Span) map[string]string {
	all := map[string]string{}
	for _, a := range span.GetAttributes() {
		all[a.Key] = a.Value.GetStringValue()
	}
	return all
}

func TestTraces(t *testing.T) {
	sent := http.Header{}
	got := collect(t, func(observed *telemetry.Telemetry) {
		ctx, op := observed.Begin(t.Context(), telemetry.Request{Method: "tools/call", Version: "2026-07-28", Meta: theirParent, HTTP: proxyParent})
		assert.Equal(t, theirTrace, telemetry.TraceID(ctx))
		calling, called := observed.Calling(ctx, attrove.Search.Meta)
		observed.Sending(calling, sent)
		called(attrove.Called{Attempts: 2, Status: 503, Code: attrove.CodeUpstream})
		op.Tool("attrove_search", telemetry.Failed)
		op.End()
	})
	request, call := got.spans["tools/call attrove_search"], got.spans["POST /v1/users/{user_id}/search"]
	require.NotNil(t, request, "%s", got.all)
	require.NotNil(t, call, "%s", got.all)

	assert.Equal(t, theirTrace, hex.EncodeToString(request.TraceId), "the message says whose trace it belongs to")
	assert.Equal(t, theirSpan, hex.EncodeToString(request.ParentSpanId))
	require.Len(t, request.Links, 1)
	assert.Contains(t, proxyParent, hex.EncodeToString(request.Links[0].TraceId))
	assert.Equal(t, pb.Span_SPAN_KIND_SERVER, request.Kind)
	assert.Equal(t, pb.Status_STATUS_CODE_ERROR, request.Status.GetCode())
	assert.Equal(t, map[string]string{
		"mcp.method.name": "tools/call", "mcp.protocol.version": "2026-07-28", "gen_ai.tool.name": "attrove_search",
		"gen_ai.operation.name": "execute_tool", "error.type": "tool_error",
	}, attributes(request))

	assert.Equal(t, request.SpanId, call.ParentSpanId)
	assert.Equal(t, pb.Span_SPAN_KIND_CLIENT, call.Kind)
	assert.Equal(t, "UPSTREAM_ERROR", attributes(call)["error.type"])
	assert.Equal(t, http.Header{"Traceparent": {"00-" + theirTrace + "-" + hex.EncodeToString(call.SpanId) + "-01"}}, sent)
	assert.Contains(t, got.all, "v1.2.3")
}

// TestParents: without a parent in the message the one of HTTP counts, and what
// is no parent counts as none.
func TestParents(t *testing.T) {
	for name, c := range map[string]struct{ meta, http, want string }{
		"none":                  {"", "", ""},
		"of HTTP":               {"", proxyParent, "1111"},
		"not a parent":          {"my salary", "00-zz", ""},
		"not a parent, of HTTP": {"my salary", proxyParent, "1111"},
	} {
		t.Run(name, func(t *testing.T) {
			observed := observe(t)
			ctx, op := observed.Begin(t.Context(), telemetry.Request{Method: "tools/call", Meta: c.meta, HTTP: c.http})
			defer op.End()
			if c.want == "" {
				assert.Empty(t, telemetry.TraceID(ctx))
			} else {
				assert.Contains(t, telemetry.TraceID(ctx), c.want)
			}
			sent := http.Header{}
			observed.Sending(ctx, sent)
			assert.Empty(t, sent, "who traces nothing tells Attrove of no trace")
		})
	}
}

// TestNothingIsSent: only OpenTelemetry's own variables have traces sent.
func TestNothingIsSent(t *testing.T) {
	sink, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer sink.Close()
	at := "http://" + sink.Addr().String()
	for name, env := range map[string]map[string]string{
		"no endpoint":   {"OTEL_SERVICE_NAME": "s", "OTEL_TRACES_EXPORTER": "otlp"},
		"blank":         {"OTEL_EXPORTER_OTLP_ENDPOINT": " "},
		"disabled":      {"OTEL_EXPORTER_OTLP_ENDPOINT": at, "OTEL_SDK_DISABLED": "true"},
		"another way":   {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": at, "OTEL_TRACES_EXPORTER": "none"},
		"other signals": {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": at, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": at},
	} {
		t.Run(name, func(t *testing.T) {
			for key, value := range env {
				t.Setenv(key, value)
			}
			observed := observe(t)
			ctx, op := observed.Begin(t.Context(), telemetry.Request{Method: "tools/call"})
			op.End()
			assert.Empty(t, telemetry.TraceID(ctx), "nothing is traced")
		})
	}
}
