package attrove_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

func TestBaseURL(t *testing.T) {
	tests := []struct {
		base string
		want string // the address called, or "" and err
		err  string
	}{
		{"", "https://api.attrove.com/v1/users/settings", ""},
		{"https://api.example.com", "https://api.example.com/v1/users/settings", ""},
		{"https://api.example.com/", "https://api.example.com/v1/users/settings", ""},
		{"https://api.example.com/v1", "https://api.example.com/v1/users/settings", ""},
		{"https://api.example.com/v1/", "https://api.example.com/v1/users/settings", ""},
		{"http://localhost:8788", "http://localhost:8788/v1/users/settings", ""},
		{"http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1/users/settings", ""},
		{"http://[::1]:1", "http://[::1]:1/v1/users/settings", ""},
		{"http://api.example.com", "", "must be https; http is for this machine only"},
		{"http://127.0.0.1.example.com", "", "must be https"},
		{"http://localhost.example.com", "", "must be https"},
		{"ftp://api.example.com", "", "must be https"},
		{"api.example.com", "", "must be an origin such as https://api.attrove.com"},
		{"https://api.example.com/other", "", "must be an origin"},
		{"https://api.example.com/?x=1", "", "must be an origin"},
		{"https://user:hunter2@api.example.com", "", "must not hold credentials"},
		{"https://user:hunter2@api.example.com:port", "", "not a URL"},
	}
	for _, tt := range tests {
		t.Run(tt.base, func(t *testing.T) {
			var called string
			client, err := attrove.NewClient(attrove.ClientOptions{
				BaseURL: tt.base, ClientID: "id", ClientSecret: "s",
				Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					called = req.URL.String()
					return response(http.StatusOK, "{}"), nil
				}),
			})
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				assert.NotContains(t, err.Error(), "hunter2")
				return
			}
			require.NoError(t, err)
			_, err = client.Do(t.Context(), metaOf(t, "get_settings"), attrove.Caller{}, nil)
			require.NoError(t, err)
			assert.Equal(t, tt.want, called)
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestPartnerCredentialsInHeaders(t *testing.T) {
	server := newRecorder(t, answer(http.StatusOK, "{}"))
	client := server.client(t, func(o *attrove.ClientOptions) { o.PartnerAuth = attrove.PartnerHeaders })
	_, err := client.Do(t.Context(), metaOf(t, "get_settings"), caller(), nil)
	require.NoError(t, err)
	req, _ := server.last(t)
	assert.Equal(t, "client-id", req.Header.Get("X-Client-Id"))
	assert.Equal(t, testSecret, req.Header.Get("X-Client-Secret"))
	assert.Empty(t, req.Header.Get("Authorization"), "a user's key does not travel with a partner's call")

	_, err = attrove.NewClient(attrove.ClientOptions{PartnerAuth: "digest"})
	assert.EqualError(t, err, `partner authentication "digest": must be basic or headers`)
}

func TestRefusedBeforeSending(t *testing.T) {
	none := func(*attrove.ClientOptions) {}
	tests := []struct {
		name   string
		op     string
		args   string
		who    attrove.Caller
		change func(*attrove.ClientOptions)
		code   string
		field  string
		text   string
	}{
		{"no key", "get_profile", `{}`, attrove.Caller{UserID: testUser}, none, attrove.CodeMissingKey, "", "needs the user's sk_ key"},
		{"no user", "get_profile", `{}`, attrove.Caller{Key: testKey}, none, attrove.CodeMissingKey, "", "needs the user's id"},
		{"a key with a line break", "get_profile", `{}`, attrove.Caller{UserID: testUser, Key: testKey + "\nX: y"}, none, attrove.CodeMissingKey, "", "spaces or characters"},
		{"no partner", "get_settings", `{}`, caller(), func(o *attrove.ClientOptions) { o.ClientSecret = "" }, attrove.CodeMissingKey, "", "client id and secret"},
		{"a browser page", "connect_page", `{"session":"s"}`, caller(), none, attrove.CodeInvalidArgument, "", "open https://connect.attrove.com/integrations/connect"},
		{"another user", "get_profile", `{"user_id":"victim"}`, caller(), none, attrove.CodeInvalidArgument, "user_id", "is not an argument"},
		{"a dot segment", "get_goal", `{"goal_id":".."}`, caller(), none, attrove.CodeInvalidArgument, "goal_id", "must be an id"},
		{"one dot", "get_goal", `{"goal_id":"."}`, caller(), none, attrove.CodeInvalidArgument, "goal_id", "must be an id"},
		{"an empty id", "get_goal", `{"goal_id":""}`, caller(), none, attrove.CodeInvalidArgument, "goal_id", "must be an id"},
		{"no id", "get_goal", `{}`, caller(), none, attrove.CodeInvalidArgument, "goal_id", "is required"},
		{"an id that is a number", "get_goal", `{"goal_id":7}`, caller(), none, attrove.CodeInvalidArgument, "goal_id", "must be a string"},
		{"a user id of dots", "get_profile", `{}`, attrove.Caller{UserID: "..", Key: testKey}, none, attrove.CodeInvalidArgument, "user_id", "must be an id"},
		{"a comma in a list", "list_notes", `{"ids":["a,b"]}`, caller(), none, attrove.CodeInvalidArgument, "ids", "comma"},
		{"an object in a query", "list_notes", `{"limit":{}}`, caller(), none, attrove.CodeInvalidArgument, "limit", "object"},
		{"not an object", "list_notes", `[1]`, caller(), none, attrove.CodeInvalidArgument, "", "JSON object"},
		{"not JSON", "list_notes", `{"a`, caller(), none, attrove.CodeInvalidArgument, "", "JSON object"},
		{"a delete of everything", "delete_note_by_external_id", `{}`, caller(), none, attrove.CodeInvalidArgument, "", "say which one"},
		{"a delete of nothing", "delete_note_by_external_id", `{"external_id":""}`, caller(), none, attrove.CodeInvalidArgument, "", "say which one"},
		{"a delete of null", "delete_meeting_by_external_id", `{"external_id":null}`, caller(), none, attrove.CodeInvalidArgument, "", "say which one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newRecorder(t, answer(http.StatusOK, "{}"))
			_, err := server.client(t, tt.change).Do(t.Context(), metaOf(t, tt.op), tt.who, json.RawMessage(tt.args))
			failure := failureOf(t, err)
			assert.Equal(t, tt.code, failure.Code)
			assert.Equal(t, tt.field, failure.Field)
			assert.Contains(t, failure.Message, tt.text)
			assert.Equal(t, tt.op, failure.Operation)
			assert.NotContains(t, err.Error(), testKey)
			assert.Zero(t, server.count(), "something was sent")
		})
	}
}

func TestEnvelopes(t *testing.T) {
	tests := []struct {
		name string
		op   string
		body string
		want string
	}{
		{"enveloped", "get_profile", `{"data":{"id":"u","n":9007199254740993,"x":1.10}}`, `{"id":"u","n":9007199254740993,"x":1.10}`},
		{"enveloped with more", "push_note", `{"success":true, "data" : { "id" : "n" } }`, `{ "id" : "n" }`},
		{"bare", "get_profile", ` {"id":"u", "later":null} `, `{"id":"u", "later":null}`},
		{"a page", "list_goals", `{"data":[{"id":"g"}],"pagination":{"has_more":false}}`, `{"data":[{"id":"g"}],"pagination":{"has_more":false}}`},
		{"a page without pagination", "list_goals", `{"data":[]}`, `{"data":[]}`},
		{"a page whose data is an object", "list_goals", `{"data":{},"pagination":{"has_more":false}}`, `{"data":{},"pagination":{"has_more":false}}`},
		{"a bare list", "list_integrations", `[{"id":"i"}]`, `{"data":[{"id":"i"}],"pagination":{"has_more":false}}`},
		{"data that is a text", "get_settings", `{"data":"x"}`, `{"data":"x"}`},
		{"data that is null", "get_settings", `{"data":null}`, `{"data":null}`},
		{"empty", "evaluate_goal", ``, `{}`},
		{"blank", "evaluate_goal", " \r\n", `{}`},
		{"null", "evaluate_goal", `null`, `{}`},
		{"words for nothing", "delete_webhook", `OK`, `{}`},
		{"an object for nothing", "delete_webhook", `{"id":"w"}`, `{"id":"w"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newRecorder(t, answer(http.StatusAccepted, tt.body, "X-Test", "yes"))
			reply, err := server.client(t).Do(t.Context(), metaOf(t, tt.op), caller(), json.RawMessage(argsOf(tt.op)))
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(reply.Raw))
			assert.Equal(t, http.StatusAccepted, reply.Status)
			assert.Equal(t, "yes", reply.Header.Get("X-Test"))
		})
	}
}

func argsOf(op string) string {
	for _, s := range samples() {
		if s.op == op {
			return s.args
		}
	}
	return ""
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	tests := []struct {
		name string
		body func(io.Writer) error
		want string
	}{
		{"HTML", func(w io.Writer) error { _, err := io.WriteString(w, "<html>"); return err },
			"127.0.0.1 accepted the call (200) but answered with something that is not a JSON object or list"},
		{"half", func(w io.Writer) error { _, err := io.WriteString(w, `{"data":`); return err },
			"127.0.0.1 accepted the call (200) but answered with something that is not a JSON object or list"},
		{"a number", func(w io.Writer) error { _, err := io.WriteString(w, `7`); return err },
			"127.0.0.1 accepted the call (200) but answered with something that is not a JSON object or list"},
		{"too much", func(w io.Writer) error {
			megabyte := bytes.Repeat([]byte(" "), 1<<20)
			for range 33 {
				_, _ = w.Write(megabyte) // fails once the client has read enough
			}
			return nil
		}, "127.0.0.1 accepted the call (200) but answered with more than 32 MiB; ask for less at a time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newRecorder(t, func(w http.ResponseWriter, _ *http.Request) { assert.NoError(t, tt.body(w)) })
			_, err := server.client(t).Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
			failure := failureOf(t, err)
			assert.Equal(t, attrove.CodeUpstream, failure.Code)
			assert.Equal(t, tt.want, failure.Message)
		})
	}
}

func TestNetworkErrorsNameTheHostAlone(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := closed.Addr().String()
	require.NoError(t, closed.Close())
	client, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://" + address, RetryDelay: 1})
	require.NoError(t, err)
	_, err = client.Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
	require.EqualError(t, err, "NETWORK_ERROR: cannot reach 127.0.0.1: connection refused")

	tests := map[string]error{
		"its name cannot be resolved": &net.DNSError{Err: "no such host", Name: "internal.corp", Server: "10.0.0.53:53"},
		"connecting took too long":    &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3)}, Err: timeout{}},
		"the connection failed":       errors.New("proxyconnect tcp: dial tcp 10.1.2.3:3128: no route to host"),
	}
	for want, cause := range tests {
		client, err := attrove.NewClient(attrove.ClientOptions{RetryDelay: 1,
			Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, cause })})
		require.NoError(t, err)
		_, err = client.Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
		require.EqualError(t, err, "NETWORK_ERROR: cannot reach api.attrove.com: "+want)
		require.ErrorIs(t, err, cause)
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// Calls of two users at once must not mix, whatever they share.
func TestConcurrentCallersDoNotMix(t *testing.T) {
	server := newRecorder(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"data":{"path":%q,"key":%q}}`, r.URL.Path, r.Header.Get("Authorization"))
	})
	client := server.client(t)
	meta := metaOf(t, "get_profile")
	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() {
			user, key := fmt.Sprintf("u%d", i), fmt.Sprintf("sk_%d", i)
			reply, err := client.Do(t.Context(), meta, attrove.Caller{UserID: user, Key: attrove.Secret(key)}, nil)
			if assert.NoError(t, err) {
				assert.JSONEq(t, fmt.Sprintf(`{"path":"/v1/users/%s","key":"Bearer %s"}`, user, key), string(reply.Raw))
			}
		})
	}
	calls.Wait()
}

func TestTypedCall(t *testing.T) {
	server := newRecorder(t, answer(http.StatusOK, `{"data":{"id":"u","email":"a@acme.com","plan":"later"}}`))
	reply, err := attrove.GetProfile.Call(t.Context(), server.client(t), caller(), attrove.None{})
	require.NoError(t, err)
	user, err := reply.Value()
	require.NoError(t, err)
	assert.Equal(t, "a@acme.com", user.Email)
	assert.Contains(t, string(reply.Raw), `"plan":"later"`, "an unknown field is kept")

	_, err = attrove.GetProfile.Call(t.Context(), server.client(t), attrove.Caller{}, attrove.None{})
	assert.Equal(t, attrove.CodeMissingKey, failureOf(t, err).Code)
}

func TestSecretsNeverPrint(t *testing.T) {
	who := caller()
	encoded, err := json.Marshal(who)
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprint(who), fmt.Sprintf("%+v %#v %s %q", who, who, who.Key, who.Key), string(encoded)} {
		assert.NotContains(t, text, strings.TrimPrefix(testKey, "sk_"))
	}
}
