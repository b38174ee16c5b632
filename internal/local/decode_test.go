package local_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
)

// answer is a reply as it is on the wire.
type answer struct {
	status int
	header http.Header
	raw    string
	body   struct {
		Error struct {
			Code      string `json:"code"`
			Message   string `json:"message"`
			RequestID string `json:"request_id"`
			Details   []struct{ Path, Message string }
		}
	}
}

// send sends a request without the client, which would not send most bad ones.
// The path may hold {me}.
func send(tb testing.TB, f fixture, method, path, body string) answer {
	tb.Helper()
	req := httptest.NewRequest(method, strings.ReplaceAll(path, "{me}", f.me.UserID), bytes.NewBufferString(body))
	req.Header.Set("Authorization", "Bearer "+f.me.Key.Reveal())
	return serve(tb, f.engine, req)
}

func serve(tb testing.TB, e *local.Engine, req *http.Request) answer {
	tb.Helper()
	resp, err := openapitest.Transport(tb, e.Transport()).RoundTrip(req)
	require.NoError(tb, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(tb, err)
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if a.status >= 400 {
		require.NoError(tb, json.Unmarshal(raw, &a.body), a.raw)
		assert.True(tb, strings.HasPrefix(a.body.Error.RequestID, "req_"))
		assert.Equal(tb, "application/json", a.header.Get("Content-Type"))
	}
	return a
}

func TestBadRequestsNameTheFieldAndTheRightForm(t *testing.T) {
	f := start(t, options())
	long := strings.Repeat("x", 1001)
	for name, tc := range map[string]struct {
		method, path, body string
		status             int
		code, field, says  string
	}{
		"missing":            {"POST", "notes", `{}`, 422, attrove.CodeValidation, "body", "is required"},
		"null is missing":    {"POST", "notes", `{"body":null}`, 422, attrove.CodeValidation, "body", "is required"},
		"empty":              {"POST", "notes", `{"body":" "}`, 422, attrove.CodeValidation, "body", "must not be empty"},
		"wrong type":         {"POST", "notes", `{"body":5}`, 400, attrove.CodeInvalidRequest, "body", "must be a string, not number"},
		"nested wrong type":  {"POST", "messages", `{"source":"x","body_text":"y","recipients":[{"email":1}]}`, 400, attrove.CodeInvalidRequest, "recipients.email", "must be a string"},
		"unknown":            {"POST", "notes", `{"body":"x","titel":"y"}`, 400, attrove.CodeInvalidRequest, "titel", "did you mean title?"},
		"far unknown":        {"POST", "notes", `{"body":"x","zzzzzzzzzz":"y"}`, 400, attrove.CodeInvalidRequest, "zzzzzzzzzz", "takes body, title"},
		"not an object":      {"POST", "notes", `[]`, 400, attrove.CodeInvalidRequest, "body", "must be a JSON object"},
		"null":               {"POST", "notes", `null`, 400, attrove.CodeInvalidRequest, "body", "must be a JSON object"},
		"not JSON":           {"POST", "notes", `{"body":`, 400, attrove.CodeInvalidRequest, "body", "must be a JSON object"},
		"not UTF-8":          {"POST", "notes", "{\"body\":\"\xff\"}", 422, attrove.CodeValidation, "body", "must be valid UTF-8"},
		"enum":               {"POST", "notes", `{"body":"x","ref_type":"goat","ref_id":"g"}`, 422, attrove.CodeValidation, "ref_type", "must be one of message, meeting, event, entity, goal"},
		"ref_type alone":     {"POST", "notes", `{"body":"x","ref_type":"goal"}`, 422, attrove.CodeValidation, "ref_id", "is required with ref_type"},
		"ref_id alone":       {"POST", "notes", `{"body":"x","ref_id":"g"}`, 422, attrove.CodeValidation, "ref_type", "is required with ref_id"},
		"long external id":   {"POST", "notes", `{"body":"x","external_id":"` + long + `"}`, 422, attrove.CodeValidation, "external_id", "at most 1000"},
		"date for time":      {"POST", "meetings", `{"title":"x","start_time":"2026-11-03"}`, 422, attrove.CodeValidation, "start_time", "2026-11-03T09:30:00Z"},
		"time without zone":  {"POST", "messages", `{"source":"x","body_text":"y","sent_at":"2026-11-03T09:30:00"}`, 422, attrove.CodeValidation, "sent_at", "offset"},
		"end before start":   {"POST", "events", `{"title":"x","start_time":"2026-11-03T10:00:00Z","end_time":"2026-11-03T10:00:00+01:00"}`, 422, attrove.CodeValidation, "end_time", "not be before start_time"},
		"empty action item":  {"POST", "meetings", `{"title":"x","start_time":"2026-11-03T10:00:00Z","action_items":[{"description":""}]}`, 422, attrove.CodeValidation, "action_items[0].description", "is required"},
		"blank source":       {"POST", "messages", `{"source":" ","body_text":"y"}`, 422, attrove.CodeValidation, "source", "must not be empty"},
		"user_id in body":    {"POST", "notes", `{"body":"x","user_id":"other"}`, 400, attrove.CodeInvalidRequest, "user_id", "is not a field"},
		"query on POST":      {"POST", "notes?title=x", `{"body":"x"}`, 400, attrove.CodeInvalidRequest, "title", "is not a field"},
		"body on GET":        {"GET", "notes", `{}`, 400, attrove.CodeInvalidRequest, "body", "take no body"},
		"limit word":         {"GET", "notes?limit=many", ``, 400, attrove.CodeInvalidRequest, "limit", "must be a whole number"},
		"limit 0":            {"GET", "notes?limit=0", ``, 400, attrove.CodeInvalidRequest, "limit", "at least 1"},
		"limit 101":          {"GET", "notes?limit=101", ``, 400, attrove.CodeInvalidRequest, "limit", "at most 100"},
		"limit twice":        {"GET", "notes?limit=1&limit=2", ``, 400, attrove.CodeInvalidRequest, "limit", "given twice"},
		"unknown query":      {"GET", "notes?limits=1", ``, 400, attrove.CodeInvalidRequest, "limits", "did you mean limit?"},
		"query enum":         {"GET", "entities?entity_type=robot", ``, 400, attrove.CodeInvalidRequest, "entity_type", "must be one of person"},
		"expand enum":        {"GET", "meetings?expand=summary,resume", ``, 400, attrove.CodeInvalidRequest, "expand", `not "resume"`},
		"too many ids":       {"GET", "messages?ids=" + strings.Repeat("a,", 101), ``, 400, attrove.CodeInvalidRequest, "ids", "at most 100"},
		"bad date":           {"GET", "messages?start_date=soonish", ``, 400, attrove.CodeInvalidRequest, "start_date", "YYYY-MM-DD"},
		"end before start 2": {"GET", "events?start_date=2026-11-03&end_date=2026-11-02", ``, 400, attrove.CodeInvalidRequest, "end_date", "not be before"},
		"bad cursor":         {"GET", "notes?cursor=abc", ``, 400, attrove.CodeInvalidCursor, "", "begin again"},
		"empty query":        {"POST", "search", `{"query":""}`, 422, attrove.CodeValidation, "query", "must not be empty"},
		"no external id":     {"DELETE", "notes", ``, 400, attrove.CodeInvalidRequest, "external_id", "is required"},
		"no such external":   {"DELETE", "notes?external_id=x", ``, 404, attrove.CodeNotFound, "", "external_id"},
		"no such note":       {"GET", "notes/note_x", ``, 404, attrove.CodeNotFound, "", "no such note"},
		"no such operation":  {"GET", "nothing", ``, 404, attrove.CodeNotFound, "", "no such operation"},
		"dot segment":        {"GET", "notes/../messages", ``, 404, attrove.CodeNotFound, "", "no such operation"},
		"trailing slash":     {"GET", "notes/", ``, 404, attrove.CodeNotFound, "", "no such operation"},
		"method":             {"PUT", "notes", `{}`, 405, attrove.CodeInvalidRequest, "", "DELETE, GET, HEAD, POST"},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, f, tc.method, "/v1/users/{me}/"+tc.path, tc.body)
			assert.Equal(t, tc.status, got.status, got.raw)
			assert.Equal(t, tc.code, got.body.Error.Code)
			assert.Contains(t, got.body.Error.Message, tc.says)
			if tc.field != "" {
				require.NotEmpty(t, got.body.Error.Details)
				assert.Equal(t, tc.field, got.body.Error.Details[0].Path)
			}
		})
	}
	assert.Empty(t, call(t, f, attrove.ListNotes, attrove.NotesIn{}).Data, "nothing of it was kept")
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	f := start(t, options())
	got := send(t, f, "POST", "/v1/users/{me}/events", `{"start_time":"today"}`)
	var paths []string
	for _, d := range got.body.Error.Details {
		paths = append(paths, d.Path)
	}
	assert.Equal(t, []string{"title", "start_time", "end_time"}, paths)
}

func TestAnswersTooLargeABody(t *testing.T) {
	f := start(t, options())
	got := send(t, f, "POST", "/v1/users/{me}/notes", `{"body":"`+strings.Repeat("x", 10<<20)+`"}`)
	assert.Equal(t, http.StatusRequestEntityTooLarge, got.status)
	assert.Equal(t, attrove.CodeTooLarge, got.body.Error.Code)
}

func TestRefusesStrangers(t *testing.T) {
	f := start(t, options())
	for name, header := range map[string]string{
		"none": "", "basic": "Basic YTpi", "no prefix": "Bearer abc", "unknown": "Bearer sk_" + strings.Repeat("0", 64), "two": "Bearer sk_a sk_b",
	} {
		t.Run(name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/v1/users/"+f.me.UserID, nil)
			if header != "" {
				req.Header.Set("Authorization", header)
			}
			got := serve(t, f.engine, req)
			assert.Equal(t, http.StatusUnauthorized, got.status)
			assert.Equal(t, attrove.CodeAuthentication, got.body.Error.Code)
			assert.Equal(t, "Bearer", got.header.Get("WWW-Authenticate"))
		})
	}
}

func TestEveryOperationIsServedOrSaysThatItIsNot(t *testing.T) {
	f := start(t, options())
	for _, op := range attrove.All() {
		m := op.Info()
		if m.Page != "" {
			continue // it is for a browser
		}
		path := m.Path
		for _, name := range m.PathNames() {
			value := "x"
			if name == "user_id" {
				value = f.me.UserID
			}
			path = strings.ReplaceAll(path, "{"+name+"}", value)
		}
		req := httptest.NewRequest(m.Method, path, nil)
		if m.Auth == attrove.AuthPartner {
			req.SetBasicAuth("partner", "partner-secret")
		} else {
			req.Header.Set("Authorization", "Bearer "+f.me.Key.Reveal())
		}
		got := serve(t, f.engine, req)
		assert.NotEqual(t, http.StatusUnauthorized, got.status, m.Name)
		assert.NotContains(t, got.raw, "no such operation", m.Name)
		if got.status == http.StatusNotImplemented {
			assert.Contains(t, got.body.Error.Message, m.Name)
		}
	}
}
