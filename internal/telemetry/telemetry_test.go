package telemetry_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

func observe(tb testing.TB) *telemetry.Telemetry {
	tb.Helper()
	observed, err := telemetry.New(tb.Context(), telemetry.Options{
		Version: "v1.2.3", Tools: []string{"attrove_search"}, Prompts: []string{"weekly_review"}, Env: os.LookupEnv,
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, observed.Close(context.WithoutCancel(tb.Context()))) })
	return observed
}

// scraped is what Prometheus would read.
func scraped(tb testing.TB, observed *telemetry.Telemetry) string {
	tb.Helper()
	answer := httptest.NewRecorder()
	observed.Metrics().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	return answer.Body.String()
}

func TestOperations(t *testing.T) {
	for name, c := range map[string]struct {
		method string
		during func(*telemetry.Operation)
		want   string // of the series of the duration
	}{
		"a method": {"tools/list", func(*telemetry.Operation) {},
			`error_type="",gen_ai_prompt_name="",gen_ai_tool_name="",mcp_method_name="tools/list",rpc_response_status_code=""`},
		"a tool": {"tools/call", func(op *telemetry.Operation) { op.Tool("attrove_search", telemetry.OK) },
			`error_type="",gen_ai_prompt_name="",gen_ai_tool_name="attrove_search",mcp_method_name="tools/call",rpc_response_status_code=""`},
		"a tool that fails": {"tools/call", func(op *telemetry.Operation) { op.Tool("attrove_search", telemetry.Failed) },
			`error_type="tool_error",gen_ai_prompt_name="",gen_ai_tool_name="attrove_search",mcp_method_name="tools/call",rpc_response_status_code=""`},
		"a tool that nobody knows": {"tools/call", func(op *telemetry.Operation) { op.Tool("my salary is 100", telemetry.Failed) },
			`error_type="tool_error",gen_ai_prompt_name="",gen_ai_tool_name="_other",mcp_method_name="tools/call",rpc_response_status_code=""`},
		"a prompt": {"prompts/get", func(op *telemetry.Operation) { op.Prompt("weekly_review") },
			`error_type="",gen_ai_prompt_name="weekly_review",gen_ai_tool_name="",mcp_method_name="prompts/get",rpc_response_status_code=""`},
		"a method that nobody knows": {"my/salary", func(op *telemetry.Operation) { op.Refused(-32601) },
			`error_type="-32601",gen_ai_prompt_name="",gen_ai_tool_name="",mcp_method_name="_other",rpc_response_status_code="-32601"`},
	} {
		t.Run(name, func(t *testing.T) {
			observed := observe(t)
			ctx, op := observed.Begin(t.Context(), telemetry.Request{Method: c.method})
			require.Same(t, op, telemetry.OperationFrom(ctx))
			assert.Contains(t, scraped(t, observed), "attrove_mcp_requests_active 1\n")
			c.during(op)
			op.End()
			got := scraped(t, observed)
			assert.Contains(t, got, "mcp_server_operation_duration_seconds_count{"+c.want+"} 1\n")
			assert.Contains(t, got, "attrove_mcp_requests_active 0\n")
			assert.NotContains(t, got, "salary")
		})
	}
}

func TestStreamsAreNotRequests(t *testing.T) {
	observed := observe(t)
	_, op := observed.Begin(t.Context(), telemetry.Request{Method: "subscriptions/listen"})
	got := scraped(t, observed)
	assert.Contains(t, got, "attrove_mcp_streams_active 1\n")
	assert.Contains(t, got, "attrove_mcp_requests_active 0\n")
	op.End()
	assert.Contains(t, scraped(t, observed), "attrove_mcp_streams_active 0\n")
}

// TestLabelsAreBounded: a series lasts as long as the process, so nobody who
// calls may make new ones at will.
func TestLabelsAreBounded(t *testing.T) {
	observed := observe(t)
	for i := range 1000 {
		_, op := observed.Begin(t.Context(), telemetry.Request{Method: fmt.Sprint("m", i)})
		op.Tool(fmt.Sprint("t", i), telemetry.Failed)
		op.End()
		observed.Decided(fmt.Sprint("t", i), "denied", fmt.Sprint("CODE_", i))
		_, called := observed.Calling(t.Context(), attrove.Search.Meta)
		called(attrove.Called{Attempts: 1, Code: fmt.Sprint("CODE_", i)})
	}
	got := scraped(t, observed)
	assert.Equal(t, 1, strings.Count(got, "mcp_server_operation_duration_seconds_count{"))
	assert.Less(t, strings.Count(got, "\nattrove_mcp_calls_total{"), 70)
	assert.Less(t, strings.Count(got, "\nattrove_mcp_upstream_duration_seconds_count{"), 70)
}

func TestUpstream(t *testing.T) {
	observed := observe(t)
	_, called := observed.Calling(t.Context(), attrove.Search.Meta)
	called(attrove.Called{Attempts: 3, Status: 503, Code: attrove.CodeUpstream})
	_, called = observed.Calling(t.Context(), attrove.Search.Meta)
	called(attrove.Called{Attempts: 1, Status: 200})
	got := scraped(t, observed)
	assert.Contains(t, got, `attrove_mcp_upstream_duration_seconds_count{operation="search",outcome="UPSTREAM_ERROR"} 1`)
	assert.Contains(t, got, `attrove_mcp_upstream_duration_seconds_count{operation="search",outcome="ok"} 1`)
	assert.Contains(t, got, `attrove_mcp_upstream_retries_total{operation="search"} 2`)
}

// TestNothingIsObserved: commands that serve nobody but their user have none.
func TestNothingIsObserved(t *testing.T) {
	var none *telemetry.Telemetry
	ctx, op := none.Begin(t.Context(), telemetry.Request{Method: "tools/call"})
	op.Tool("attrove_search", telemetry.OK)
	op.Prompt("weekly_review")
	op.Refused(-32600)
	op.End()
	assert.Nil(t, telemetry.OperationFrom(ctx))
	none.Panicked("tool")
	none.AuditFailed()
	none.Reloaded("users", nil)
	none.Answered("/mcp", "200")
	none.Decided("attrove_search", "allowed", "ok")
	_, called := none.Calling(ctx, attrove.Search.Meta)
	called(attrove.Called{})
	none.Sending(ctx, nil)
	require.NoError(t, none.Close(ctx))
}

// TestFamilies: what is documented is what is served.
func TestFamilies(t *testing.T) {
	observed := observe(t)
	observed.Upstream(func() bool { return true })
	observed.Redis(func() replicas.Stats { return replicas.Stats{NudgesHeard: 3} })
	got := scraped(t, observed)
	assert.Contains(t, got, "attrove_mcp_upstream_circuit_open 1\n")
	assert.Contains(t, got, `attrove_mcp_redis_nudges_total{way="heard"} 3`)
	names := map[string]bool{}
	for _, f := range telemetry.Families() {
		assert.False(t, names[f.Name], "%s is there twice", f.Name)
		names[f.Name] = true
		assert.NotEmpty(t, f.Help)
		if len(f.Labels) == 0 {
			assert.Contains(t, got, "# TYPE "+f.Name+" "+f.Type+"\n")
		}
	}
	for line := range strings.Lines(got) {
		name, of := strings.CutPrefix(line, "# TYPE ")
		if name, _, _ = strings.Cut(name, " "); of && !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			assert.True(t, names[name], "%s is not described", name)
		}
	}
}

func BenchmarkOperation(b *testing.B) {
	observed := observe(b)
	for name, request := range map[string]telemetry.Request{
		"plain":  {Method: "tools/call", Version: "2026-07-28"},
		"traced": {Method: "tools/call", Version: "2026-07-28", Meta: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ctx, op := observed.Begin(b.Context(), request)
				ctx, called := observed.Calling(ctx, attrove.Search.Meta)
				called(attrove.Called{Attempts: 1, Status: 200})
				observed.Decided("attrove_search", "allowed", "ok")
				telemetry.OperationFrom(ctx).Tool("attrove_search", telemetry.OK)
				op.End()
				observed.Answered("/mcp", "200")
			}
		})
	}
}
