package attrove_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// refusal is an error status with what it must become.
type refusal struct {
	status  int
	code    string
	retries int // of a read
	header  []string
	wait    time.Duration
}

func refusals() []refusal {
	return []refusal{
		{status: 301, code: attrove.CodeUpstream, header: []string{"Location", "/v1/users/victim"}},
		{status: 307, code: attrove.CodeUpstream, header: []string{"Location", "https://elsewhere.example/"}},
		{status: 400, code: attrove.CodeInvalidRequest},
		{status: 401, code: attrove.CodeAuthentication},
		{status: 403, code: attrove.CodeForbidden},
		{status: 404, code: attrove.CodeNotFound},
		{status: 405, code: attrove.CodeNotFound},
		{status: 409, code: attrove.CodeConflict},
		{status: 410, code: attrove.CodeGone},
		{status: 413, code: attrove.CodeTooLarge},
		{status: 422, code: attrove.CodeValidation},
		{status: 429, code: attrove.CodeRateLimited, wait: 60 * time.Second},
		{status: 429, code: attrove.CodeRateLimited, retries: 2, header: []string{"Retry-After", "0"}},
		{status: 429, code: attrove.CodeRateLimited, header: []string{"Retry-After", "31"}, wait: 31 * time.Second},
		{status: 500, code: attrove.CodeInternal},
		{status: 501, code: attrove.CodeNotImplemented},
		{status: 502, code: attrove.CodeUpstream, retries: 2},
		{status: 503, code: attrove.CodeUpstream, retries: 2},
		{status: 503, code: attrove.CodeUpstream, header: []string{"Retry-After", "120"}, wait: 120 * time.Second},
		{status: 504, code: attrove.CodeUpstream, retries: 2},
		{status: 507, code: attrove.CodeStorageFull},
	}
}

func TestEveryRefusalOfEveryOperation(t *testing.T) {
	for _, r := range refusals() {
		t.Run(fmt.Sprint(r.status, r.header), func(t *testing.T) {
			server := newRecorder(t, answer(r.status, `{"error":{"code":"","message":"It says why.","request_id":"req_1"}}`, r.header...))
			for _, s := range samples() {
				m := metaOf(t, s.op)
				before := server.count()
				_, err := server.client(t).Do(t.Context(), m, caller(), json.RawMessage(s.args))
				var failure *attrove.Error
				require.ErrorAs(t, err, &failure, s.op)
				assert.Equal(t, r.code, failure.Code, s.op)
				assert.Equal(t, r.status, failure.Status, s.op)
				assert.Equal(t, r.wait, failure.RetryAfter, s.op)
				assert.Equal(t, s.op, failure.Operation)
				assert.Equal(t, "req_1", failure.RequestID)
				if r.status >= 400 {
					assert.Equal(t, "It says why.", failure.Message)
				} else {
					assert.Equal(t, fmt.Sprintf("127.0.0.1 answered with a redirect (%d), which is never followed", r.status), failure.Message)
				}
				sent := 1
				if m.Effect == attrove.Read {
					sent += r.retries
				}
				assert.Equal(t, sent, server.count()-before, "%s: requests", s.op)
			}
		})
	}
}

func TestEveryFormOfAnErrorBody(t *testing.T) {
	long := strings.Repeat("é", 600)
	tests := []struct {
		name      string
		status    int
		body      string
		code      string
		message   string
		field     string
		requestID string
	}{
		{"enveloped", 409, `{"error":{"code":"GOAL_TERMINAL_STATE","message":"Closed.","request_id":"req_9"}}`, "GOAL_TERMINAL_STATE", "Closed.", "", "req_9"},
		{"flat", 409, `{"code":"USER_ALREADY_EXISTS","message":"Taken."}`, attrove.CodeUserExists, "Taken.", "", ""},
		{"text", 403, `{"error":"no entry"}`, attrove.CodeForbidden, "no entry", "", ""},
		{"text and code", 403, `{"error":"no entry","code":"PLAN_LIMIT"}`, "PLAN_LIMIT", "no entry", "", ""},
		{"message alone", 404, `{"message":"gone fishing"}`, attrove.CodeNotFound, "gone fishing", "", ""},
		{"problem of RFC 9457", 422, `{"type":"about:blank","title":"Bad","detail":"The title is empty.","status":422}`, attrove.CodeValidation, "The title is empty.", "", ""},
		{"problem without detail", 422, `{"title":"Bad","status":422}`, attrove.CodeValidation, "Bad", "", ""},
		{"details", 422, `{"error":{"code":"VALIDATION_ERROR","message":"Invalid","details":[{"path":"watch_scope","message":"needs an anchor"}]}}`, attrove.CodeValidation, "Invalid: needs an anchor", "watch_scope", ""},
		{"details with steps", 400, `{"message":"Invalid","details":[{"path":["attendees",0,"email"],"message":"Invalid"}]}`, attrove.CodeInvalidRequest, "Invalid", "attendees.0.email", ""},
		{"details with a pointer", 400, `{"details":[{"path":"/a/b","message":"is wrong"}]}`, attrove.CodeInvalidRequest, "is wrong", "a.b", ""},
		{"details of another form", 400, `{"message":"m","details":{"x":1}}`, attrove.CodeInvalidRequest, "m", "", ""},
		{"a code of another status", 404, `{"code":"RATE_LIMITED","message":"m"}`, attrove.CodeNotFound, "m", "", ""},
		{"a code that is no code", 400, `{"code":"<b>x</b>","message":"m"}`, attrove.CodeInvalidRequest, "m", "", ""},
		{"a code that is a number", 500, `{"code":500,"message":"m"}`, attrove.CodeInternal, "m", "", ""},
		{"status before code", 401, `{"code":"TOKEN_EXPIRED","message":"m"}`, attrove.CodeAuthentication, "m", "", ""},
		{"not JSON", 500, "<h1>Oops</h1>\x00\n\u202eevil", attrove.CodeInternal, "<h1>Oops</h1>  evil", "", ""},
		{"broken JSON", 500, `{"error":`, attrove.CodeInternal, `{"error":`, "", ""},
		{"not UTF-8", 500, "caf\xe9", attrove.CodeInternal, "caf\uFFFD", "", ""},
		{"long", 500, long, attrove.CodeInternal, long[:1000] + "…", "", ""},
		{"a list", 500, `["x"]`, attrove.CodeInternal, `["x"]`, "", ""},
		{"empty", 500, "", attrove.CodeInternal, "127.0.0.1 answered 500 Internal Server Error", "", ""},
		{"an empty object", 418, "{}", attrove.CodeInvalidRequest, "127.0.0.1 answered 418 I'm a teapot", "", ""},
		{"the key, echoed", 400, `{"message":"bad key ` + testKey + `!"}`, attrove.CodeInvalidRequest, "bad key [redacted]!", "", ""},
		{"the key, hidden", 400, `{"message":"bad key sk_test_\u200b0123456789!"}`, attrove.CodeInvalidRequest, "bad key [redacted]!", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newRecorder(t, answer(tt.status, tt.body))
			_, err := server.client(t).Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
			var failure *attrove.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, tt.code, failure.Code)
			assert.Equal(t, tt.message, failure.Message)
			assert.Equal(t, tt.field, failure.Field)
			assert.Equal(t, tt.requestID, failure.RequestID)
		})
	}
}

func TestDetailsAreKeptWithoutTheKey(t *testing.T) {
	server := newRecorder(t, answer(400, `{"message":"m","details":{"sent":"`+testKey+`","big":9007199254740993}}`))
	_, err := server.client(t).Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
	var failure *attrove.Error
	require.ErrorAs(t, err, &failure)
	assert.NotContains(t, string(failure.Details), testKey)
	assert.Contains(t, string(failure.Details), `"[redacted]","big":9007199254740993`)
}

func TestPartnerSecretsAreMasked(t *testing.T) {
	for _, auth := range []attrove.PartnerAuth{attrove.PartnerBasic, attrove.PartnerHeaders} {
		server := newRecorder(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, r.Header["Authorization"], r.Header["X-Client-Secret"])
		})
		client := server.client(t, func(o *attrove.ClientOptions) { o.PartnerAuth = auth })
		_, err := client.Do(t.Context(), metaOf(t, "get_settings"), attrove.Caller{}, nil)
		require.ErrorContains(t, err, "[redacted]")
		assert.NotContains(t, err.Error(), testSecret)
		assert.NotContains(t, err.Error(), "Y2xpZW50LWlk", "the encoded credentials")
	}
}

func TestFailuresAdmitGuesses(t *testing.T) {
	const path = "the path is our guess (%s): Attrove does not document it"
	tests := []struct {
		name   string
		op     string
		args   string
		status int
		body   string
		guess  string
	}{
		{"an unlisted operation", "reopen_goal", `{"goal_id":"g"}`, 404, "", fmt.Sprintf(path, "P-36")},
		{"another method", "delete_note", `{"note_id":"n"}`, 405, "", fmt.Sprintf(path, "P-43")},
		{"an inferred path", "list_integrations", `{}`, 404, "", fmt.Sprintf(path, "I+")},
		{"a listed operation", "get_goal", `{"goal_id":"g"}`, 404, "", ""},
		{"an unlisted operation that is there", "reopen_goal", `{"goal_id":"g"}`, 409, "", ""},
		{"guessed fields", "list_messages", `{"limit":5,"ids":["m"],"cursor":"c"}`, 400, "", "our guess, which Attrove does not document: ids (P-31), limit (P-05)"},
		{"the field to blame is guessed", "push_message", `{"source":"s","body_text":"b","subject":"s"}`, 422, `{"details":[{"path":"subject","message":"m"}]}`, "our guess, which Attrove does not document: subject (P-45)"},
		{"the field to blame is documented", "push_message", `{"source":"s","body_text":"b","subject":"s"}`, 422, `{"details":[{"path":"source","message":"m"}]}`, ""},
		{"documented fields alone", "search", `{"query":"q"}`, 400, "", ""},
		{"an embedded field", "list_goals", `{"limit":1}`, 422, "", "our guess, which Attrove does not document: limit (P-05)"},
		{"partner credentials", "get_settings", `{}`, 401, "", "how partner credentials travel is our guess (P-01): Attrove does not document it"},
		{"a user's key", "get_profile", `{}`, 401, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newRecorder(t, answer(tt.status, tt.body))
			_, err := server.client(t).Do(t.Context(), metaOf(t, tt.op), caller(), json.RawMessage(tt.args))
			var failure *attrove.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, tt.guess, failure.Guess)
			if tt.guess != "" {
				assert.Contains(t, err.Error(), tt.guess)
			}
		})
	}
}

func TestOurOwnEngineIsNoGuess(t *testing.T) {
	server := newRecorder(t, answer(http.StatusNotFound, ""))
	client := server.client(t, func(o *attrove.ClientOptions) { o.Ours = true })
	_, err := client.Do(t.Context(), metaOf(t, "delete_note"), caller(), json.RawMessage(`{"note_id":"n"}`))
	assert.Empty(t, failureOf(t, err).Guess)
}
