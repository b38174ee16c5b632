package admin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/admin"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

func TestReady(t *testing.T) {
	well := func(context.Context) error { return nil }
	ill := func(context.Context) error { return errors.New("disk /var/lib/secret is gone") }
	for name, c := range map[string]struct {
		checks   []admin.Check
		stopping bool
		status   int
		body     string
	}{
		"nothing to check": {nil, false, 200, `{"ready":true}`},
		"all is well": {[]admin.Check{{Name: "database", Probe: well, Needed: true}, {Name: "upstream", Probe: well}}, false,
			200, `{"ready":true,"checks":{"database":"ok","upstream":"ok"}}`},
		"what is needed fails": {[]admin.Check{{Name: "database", Probe: ill, Needed: true}, {Name: "upstream", Probe: well}}, false,
			503, `{"ready":false,"checks":{"database":"failed","upstream":"ok"}}`},
		"what all share fails": {[]admin.Check{{Name: "database", Probe: well, Needed: true}, {Name: "upstream", Probe: ill}}, false,
			200, `{"ready":true,"checks":{"database":"ok","upstream":"failed"}}`},
		"stopping": {[]admin.Check{{Name: "database", Probe: well, Needed: true}}, true, 503, `{"ready":false,"stopping":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			h := admin.Handler(admin.Options{Metrics: http.NotFoundHandler(), Checks: c.checks, Stopping: func() bool { return c.stopping }, Log: safetest.Log(t, &log).Logger})
			got := ask(h, "/readyz")
			assert.Equal(t, c.status, got.Code)
			assert.JSONEq(t, c.body, got.Body.String())
			assert.Equal(t, 200, ask(h, "/livez").Code, "a server that stops is not to be killed")
		})
	}
}

// TestSlowChecks: whoever asks is answered in time.
func TestSlowChecks(t *testing.T) {
	h := admin.Handler(admin.Options{Metrics: http.NotFoundHandler(), Stopping: func() bool { return false }, Checks: []admin.Check{
		{Name: "redis", Needed: true, Probe: func(ctx context.Context) error {
			_, limited := ctx.Deadline()
			assert.True(t, limited)
			return ctx.Err()
		}},
	}})
	assert.Equal(t, 200, ask(h, "/readyz").Code)
}

func TestPaths(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "up 1\n") })
	o := admin.Options{Metrics: metrics, Stopping: func() bool { return false }}
	plain := admin.Handler(o)
	o.Profiles = true
	profiled := admin.Handler(o)
	for path, want := range map[string][2]int{
		"/metrics": {200, 200}, "/livez": {200, 200}, "/readyz": {200, 200}, "/": {404, 404}, "/mcp": {404, 404},
		"/debug/pprof/": {404, 200}, "/debug/pprof/heap": {404, 200}, "/debug/pprof/cmdline": {404, 404},
	} {
		assert.Equal(t, want[0], ask(plain, path).Code, path)
		assert.Equal(t, want[1], ask(profiled, path).Code, path)
	}
	assert.Equal(t, "up 1\n", ask(plain, "/metrics").Body.String())
}

func ask(h http.Handler, path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, http.NoBody))
	return answer
}
