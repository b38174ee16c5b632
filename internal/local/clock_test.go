package local_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local"
)

func TestClockIsSetByThePartner(t *testing.T) {
	clock := local.NewClock(func() time.Time { return now })
	handler := start(t, options()).engine.ClockHandler(clock)
	for _, c := range []struct {
		method, body, secret string
		status               int
		shows                string // in its answer
	}{
		{"GET", "", "partner-secret", 200, `"now":"2026-11-03T09:30:00Z"`},
		{"PUT", `{"now":"2027-01-01T00:00:00+01:00"}`, "partner-secret", 200, `"now":"2026-12-31T23:00:00Z"`},
		{"PUT", `{"now":"2025-01-01T00:00:00Z"}`, "partner-secret", 200, `"now":"2025-01-01T00:00:00Z"`},
		{"PUT", `{"now":"9999-12-31T23:59:59Z"}`, "partner-secret", 400, "now must be within 292 years"},
		{"PUT", `{"now":"1700-01-01T00:00:00Z"}`, "partner-secret", 400, "now must be within 292 years"},
		{"PUT", `{"now":"yesterday"}`, "partner-secret", 400, "now must be an RFC 3339 time"},
		{"PUT", `{}`, "partner-secret", 400, "now must be an RFC 3339 time"},
		{"PUT", `{"now":"2026-05-01T09:00:00Z"}`, "guess", 401, "AUTHENTICATION_ERROR"},
		{"POST", `{"now":"2026-05-01T09:00:00Z"}`, "partner-secret", 405, "set it with PUT"},
		{"GET", "", "partner-secret", 200, `"now":"2025-01-01T00:00:00Z"`},
	} {
		req := httptest.NewRequestWithContext(t.Context(), c.method, "/clock", strings.NewReader(c.body))
		req.SetBasicAuth("partner", c.secret)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		assert.Equal(t, c.status, w.Code, "%s %s", c.method, c.body)
		assert.Contains(t, w.Body.String(), c.shows)
		assert.Equal(t, c.status == http.StatusMethodNotAllowed, w.Header().Get("Allow") != "")
	}
}
