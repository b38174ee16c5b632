package openapitest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
)

// spy is a test that keeps what it is blamed for.
type spy struct {
	testing.TB
	blamed []string
}

func (s *spy) Errorf(format string, args ...any) {
	s.blamed = append(s.blamed, fmt.Sprintf(format, args...))
}

// reply is an upstream that always answers the same.
type reply struct {
	status      int
	media, body string
}

func (r reply) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: r.status, Header: http.Header{"Content-Type": {r.media}}, Body: io.NopCloser(strings.NewReader(r.body))}, nil
}

const (
	note      = `{"id":"note_1","title":"T","body":"B","created_at":"2026-11-03T09:30:00Z","updated_at":"2026-11-03T09:30:00Z"%s}`
	noSuch    = `{"error":{"code":"NOT_FOUND","message":"no"}}`
	user      = "/v1/users/u"
	jsonMedia = "application/json"
)

func TestTransport(t *testing.T) {
	one := func(extra string) string { return `{"data":` + fmt.Sprintf(note, extra) + `}` }
	for name, tc := range map[string]struct {
		method, path string
		reply        reply
		blame        string // "" is none
	}{
		"as declared":                     {"GET", user + "/notes/n", reply{200, jsonMedia, one("")}, ""},
		"a media type with a parameter":   {"GET", user + "/notes/n", reply{200, "application/json; charset=utf-8", one("")}, ""},
		"a known value":                   {"GET", user + "/notes/n", reply{200, jsonMedia, one(`,"status":"indexed"`)}, ""},
		"null where it may be":            {"GET", user + "/notes/n", reply{200, jsonMedia, one(`,"indexed_at":null`)}, ""},
		"an undeclared field":             {"GET", user + "/notes/n", reply{200, jsonMedia, one(`,"colour":"red"`)}, "colour"},
		"an undeclared value":             {"GET", user + "/notes/n", reply{200, jsonMedia, one(`,"status":"lost"`)}, "status"},
		"null where it may not be":        {"GET", user + "/notes/n", reply{200, jsonMedia, one(`,"ref_id":null`)}, "ref_id"},
		"no time":                         {"GET", user + "/notes/n", reply{200, jsonMedia, one(`,"indexed_at":"soon"`)}, "date-time"},
		"a missing field":                 {"GET", user + "/notes/n", reply{200, jsonMedia, `{"data":{}}`}, "missing properties"},
		"no envelope":                     {"GET", user + "/notes/n", reply{200, jsonMedia, fmt.Sprintf(note, "")}, "data"},
		"beside the envelope":             {"GET", user + "/notes/n", reply{200, jsonMedia, `{"data":` + fmt.Sprintf(note, "") + `,"ok":true}`}, "ok"},
		"no JSON":                         {"GET", user + "/notes/n", reply{200, jsonMedia, "<html>"}, "not JSON"},
		"no content type":                 {"GET", user + "/notes/n", reply{200, "", one("")}, "content"},
		"an unknown status":               {"GET", user + "/notes/n", reply{409, jsonMedia, noSuch}, "no status 409"},
		"an error":                        {"GET", user + "/notes/n", reply{404, jsonMedia, noSuch}, ""},
		"an error with a strange code":    {"GET", user + "/notes/n", reply{404, jsonMedia, `{"error":{"code":"GONE","message":"no"}}`}, "GONE"},
		"an error with an unknown field":  {"GET", user + "/notes/n", reply{404, jsonMedia, `{"error":{"code":"NOT_FOUND","message":"no","hint":1}}`}, "hint"},
		"any of the 5XX":                  {"GET", user + "/notes/n", reply{507, jsonMedia, `{"error":{"code":"STORAGE_FULL","message":"no"}}`}, ""},
		"no content":                      {"DELETE", user + "/integrations/i", reply{204, "", ""}, ""},
		"content where there is none":     {"DELETE", user + "/integrations/i", reply{204, "", "{}"}, "no content"},
		"a literal before a template":     {"GET", user + "/entities/relationships", reply{200, jsonMedia, `{"data":[],"pagination":{"has_more":false}}`}, ""},
		"a page":                          {"GET", user + "/notes", reply{200, jsonMedia, `{"data":[` + fmt.Sprintf(note, "") + `],"pagination":{"has_more":false}}`}, ""},
		"a page before another":           {"GET", user + "/notes", reply{200, jsonMedia, `{"data":[],"pagination":{"has_more":true,"next_cursor":"c"}}`}, ""},
		"a page that cannot be turned":    {"GET", user + "/notes", reply{200, jsonMedia, `{"data":[],"pagination":{"has_more":true}}`}, "next_cursor"},
		"a wrong row in a page":           {"GET", user + "/notes", reply{200, jsonMedia, `{"data":[{"id":1}],"pagination":{"has_more":false}}`}, "got number"},
		"any keys where ids are keys":     {"POST", user + "/search", reply{200, jsonMedia, `{"key_messages":[],"key_meetings":[],"key_events":[],"conversations":{"c 1":{"conversation_name":null,"threads":{}}}}`}, ""},
		"no operation, refused":           {"GET", "/v1/nothing", reply{404, jsonMedia, noSuch}, ""},
		"no operation, refused in words":  {"GET", "/v1/nothing", reply{404, "text/plain", "no"}, "not JSON"},
		"no operation, served":            {"GET", "/v1/nothing", reply{200, jsonMedia, "{}"}, "no such operation"},
		"no method, refused":              {"PUT", user + "/notes", reply{405, jsonMedia, `{"error":{"code":"INVALID_REQUEST","message":"no"}}`}, ""},
		"a page for people":               {"GET", "/integrations/connect", reply{200, "text/html; charset=utf-8", "<html>"}, ""},
		"what is no part of the contract": {"GET", "/healthz", reply{200, "text/plain", "ok"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			blamed := &spy{TB: t}
			client := http.Client{Transport: openapitest.Transport(blamed, tc.reply)}
			req, err := http.NewRequestWithContext(t.Context(), tc.method, "http://localhost"+tc.path, nil)
			require.NoError(t, err)
			resp, err := client.Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, tc.reply.body, string(body), "the body is still there to read")
			if tc.blame == "" {
				assert.Empty(t, blamed.blamed)
				return
			}
			require.Len(t, blamed.blamed, 1)
			assert.Contains(t, blamed.blamed[0], tc.blame)
		})
	}
}
