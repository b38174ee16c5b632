package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/oauth"
	"github.com/attrove/attrove-mcp/internal/oauth/oauthtest"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/resources"
)

// tenant has a word in everything that is theirs.
type tenant struct {
	attrove.Caller
	word string
	goal string // its URI
	note string // its URI
}

func (h *house) tenant(word string) tenant {
	h.Helper()
	who := h.user(word)
	note := do(h, attrove.PushNote, who, attrove.PushNoteIn{Title: "About " + word, Body: "The renewal of " + word + " is due."})
	goal := do(h, attrove.CreateGoal, who, attrove.CreateGoalIn{Title: "Renew " + word, WatchScope: attrove.WatchScope{Keywords: []string{"renewal"}}})
	require.Eventually(h, func() bool {
		return do(h, attrove.ListNotes, who, attrove.NotesIn{}).Data != nil &&
			do(h, attrove.GetGoal, who, attrove.GoalRef{GoalID: goal.ID}).LastEvaluatedAt != nil
	}, time.Minute, 5*time.Millisecond)
	return tenant{who, word, "attrove://goals/" + goal.ID, "attrove://notes/" + note.ID}
}

// everything that a caller can ask for, each of which holds the caller's word.
func (o tenant) everything() map[string]func(context.Context, *client.Client) (any, error) {
	calls := func(name string, arguments any, meta *mcp.Meta) func(context.Context, *client.Client) (any, error) {
		return func(ctx context.Context, c *client.Client) (any, error) {
			var req mcp.CallToolRequest
			req.Params.Name, req.Params.Arguments, req.Params.Meta = name, arguments, meta
			return c.CallTool(ctx, req)
		}
	}
	reads := func(uri string) func(context.Context, *client.Client) (any, error) {
		return func(ctx context.Context, c *client.Client) (any, error) {
			var req mcp.ReadResourceRequest
			req.Params.URI = uri
			return c.ReadResource(ctx, req)
		}
	}
	return map[string]func(context.Context, *client.Client) (any, error){
		"list_goals": calls("attrove_list_goals", nil, nil),
		"status":     calls("attrove_get_goal_status", map[string]string{"goal_id": strings.TrimPrefix(o.goal, "attrove://goals/")}, nil),
		"notes":      calls("attrove_notes", nil, nil),
		"search":     calls("attrove_search", map[string]string{"query": "renewal"}, nil),
		"progress":   calls("attrove_search", map[string]string{"query": "renewal"}, &mcp.Meta{ProgressToken: o.word}),
		"goals":      reads("attrove://goals"),
		"goal":       reads(o.goal),
		"note":       reads(o.note),
		"resources": func(ctx context.Context, c *client.Client) (any, error) {
			return c.ListResources(ctx, mcp.ListResourcesRequest{})
		},
		"prompt": func(ctx context.Context, c *client.Client) (any, error) {
			var req mcp.GetPromptRequest
			req.Params.Name = "goal_review"
			return c.GetPrompt(ctx, req)
		},
		"completion": func(ctx context.Context, c *client.Client) (any, error) {
			var req mcp.CompleteRequest
			req.Params.Ref = mcp.ResourceReference{Type: "ref/resource", URI: "attrove://goals/{goal_id}"}
			req.Params.Argument = mcp.CompleteArgument{Name: "goal_id", Value: "r"}
			return c.Complete(ctx, req)
		},
	}
}

// badge makes the headers by which a server knows a tenant.
type badge func(mine, other tenant) map[string]string

// badges are a server for each way to know both tenants, and their headers.
func (h *house) badges(both [2]tenant) map[string]func() (base string, of badge) {
	return map[string]func() (string, badge){
		"by their keys": func() (string, badge) {
			return h.listen(), func(mine, _ tenant) map[string]string { return headers(mine.UserID, mine.Key.Reveal()) }
		},
		"by their tokens": func() (string, badge) {
			issuer := oauthtest.New(h.T)
			key, err := oauth.NewKey()
			require.NoError(h, err)
			file := oauth.File{Path: filepath.Join(h.TempDir(), "users.age"), Keys: key}
			require.NoError(h, file.Edit(func(b *oauth.Book) error {
				b.Issuer = issuer.URL()
				for _, one := range both {
					b.Users = append(b.Users, oauth.User{Subject: "sub-" + one.word, UserID: one.UserID, Key: one.Key})
				}
				return nil
			}))
			users, err := oauth.OpenUsers(file, issuer.URL())
			require.NoError(h, err)
			callers := transport.OAuth{Verifier: oauth.New(oauth.Options{Issuer: issuer.URL(), Audience: resource}), Users: users,
				Resource: resource, Read: "attrove:read", Write: "attrove:write"}
			base, _ := newProductOf(h, h.api, h.env, watched(h.T, io.Discard)).listen(h.T, transport.HTTPOptions{Callers: callers})
			return base, func(mine, other tenant) map[string]string { // the other one's id says nothing here
				return with(carrying(issuer.Token(resource, "sub-"+mine.word, writing, time.Now())), transport.UserHeader, other.UserID)
			}
		},
	}
}

// TestTenantsAtOnce: 64 clients of two tenants, with the same request ids, ask and
// listen at once, and each sees what is its own.
func TestTenantsAtOnce(t *testing.T) {
	h := newHouse(t, time.Hour)
	both := [2]tenant{h.tenant("quillwort"), h.tenant("bramblefen")}
	for name, serves := range h.badges(both) {
		t.Run(name, func(t *testing.T) {
			base, of := serves()
			tenantsAtOnce(t, h, both, base, of)
		})
	}
}

func tenantsAtOnce(t *testing.T, h *house, both [2]tenant, base string, of badge) {
	t.Helper()
	var goals [2]string // which are changed for once
	for i, one := range both {
		goals[i] = h.goal(one.Caller)
	}
	var all sync.WaitGroup
	var listening [2][]listener
	for i := range 64 {
		mine, other := both[i%2], both[1-i%2]
		option := client.WithProtocolVersion([]string{mcp.LATEST_LEGACY_PROTOCOL_VERSION, modern}[i/2%2])
		c := dial(t, base, option, of(mine, other))
		if i >= 32 && i/2%2 == 1 {
			l := newListener(t, dial(t, base, option, of(mine, other))) // c hears of its calls' progress
			_, _ = l.listens(board, goals[0], goals[1])
			listening[i%2] = append(listening[i%2], l)
		}
		all.Go(func() {
			everything := mine.everything()
			names := slices.Sorted(maps.Keys(everything))
			for j := range 3 { // all of them by each would take the race detector half a minute
				name := names[(i/2*3+j)%len(names)]
				got, err := everything[name](t.Context(), c)
				raw, encoding := json.Marshal(got)
				said := fmt.Sprintf("%s: %s %v %v", name, strings.ToLower(string(raw)), err, encoding)
				assert.Contains(t, said, mine.word)
				assert.NotContains(t, said, other.word)
			}
		})
	}
	all.Wait()
	for i, mine := range both {
		h.change(mine.Caller, goals[i])
		for _, l := range listening[i] {
			l.hears(board, goals[i])
		}
		for _, l := range listening[1-i] {
			l.hearsNothing()
		}
	}
}

// TestAKeyIsOfItsUser: a tenant's key opens nothing of another one's.
func TestAKeyIsOfItsUser(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann, bo := h.tenant("quillwort"), h.tenant("bramblefen")
	base := h.listen()
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			c := dial(t, base, option, headers(ann.UserID, bo.Key.Reveal()))
			for name, ask := range ann.everything() {
				got, err := ask(t.Context(), c)
				raw, encoding := json.Marshal(got)
				require.NoError(t, encoding)
				for _, word := range []string{ann.word, bo.word} {
					assert.NotContains(t, strings.ToLower(string(raw)), "renew "+word, "%s: %v", name, err)
				}
			}
			answer, err := ask(t.Context(), c, "renewal")
			require.NoError(t, err)
			assert.Contains(t, answer, `"error"`)
		})
	}
}

// TestNothingInARequestChoosesTheUpstream: where calls go is configured, and no
// header or argument moves them, or adds to what they carry.
func TestNothingInARequestChoosesTheUpstream(t *testing.T) {
	var mu sync.Mutex
	var seen []*http.Request
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "https://upstream.example", Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r)
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"answer":"x"}`)), Request: r}, nil
	})})
	require.NoError(t, err)
	base, _ := newProductOf(t, c, resources.Env{Client: c}, watched(t, io.Discard)).listen(t, transport.HTTPOptions{})
	for _, name := range []string{"Attrove-Base-Url", "X-Attrove-Base-Url", "X-Base-Url", "Base-Url", "X-Upstream", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-Url", "X-Rewrite-Url", "X-Attrove-Client-Secret", "Cookie", "Baggage"} {
		got := send(t, "POST", base+"/mcp", query("1", "where"), with(headers("ann", "sk_ann"), name, "https://evil.example/v1"))
		assert.Equal(t, http.StatusOK, got.status, got.body)
	}
	got := send(t, "POST", base+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"where","base_url":"https://evil.example"}}}`, headers("ann", "sk_ann"))
	assert.Contains(t, got.body, "INVALID_ARGUMENT")
	for _, user := range []string{"../../evil", "ann/../bo", "ann?x=", "ann#", "//evil.example", "ann%2f..%2fbo"} {
		send(t, "POST", base+"/mcp", query("1", "where"), headers(user, "sk_ann"))
	}
	require.NotEmpty(t, seen)
	for _, r := range seen {
		assert.Equal(t, "https", r.URL.Scheme)
		assert.Equal(t, "upstream.example", r.URL.Host)
		assert.True(t, r.Host == "" || r.Host == "upstream.example", r.Host)
		assert.Regexp(t, `^/v1/users/[^/]+/query$`, r.URL.EscapedPath())
		assert.Equal(t, "Bearer sk_ann", r.Header.Get("Authorization"))
		for name, values := range r.Header {
			assert.NotContains(t, strings.Join(values, " "), "evil.example", name)
		}
	}
}

// TestProgressGoesToWhoAsked: it comes before the answer to its call, and nowhere
// else.
func TestProgressGoesToWhoAsked(t *testing.T) {
	up, came, release, _ := blocking()
	base, _ := newProduct(t, up).listen(t, transport.HTTPOptions{})
	stream := send(t, "GET", base+"/mcp", "", with(headers("bo", "sk_bo"), "Accept", "text/event-stream"))
	assert.Equal(t, http.StatusMethodNotAllowed, stream.status)
	calls := func(user string) <-chan answer {
		return start(t, "POST", base+"/mcp", strings.Replace(query("7", user), `"params":{`, `"params":{"_meta":{"progressToken":"of `+user+`"},`, 1), headers(user, "sk_"+user))
	}
	anns, bos := calls("ann"), calls("bo")
	<-came
	<-came
	time.AfterFunc(50*time.Millisecond, func() { close(release) })
	for user, got := range map[string]answer{"ann": <-anns, "bo": <-bos} {
		require.NoError(t, got.err)
		assert.Contains(t, got.body, `"of `+user+`"`)
		assert.Contains(t, got.body, `"answer":"`+user+`"`, "its answer comes last")
		assert.NotContains(t, got.body, `"of `+map[string]string{"ann": "bo", "bo": "ann"}[user]+`"`)
	}
}

// TestThereAreNoTasks: what one caller started is nobody's to list, read or end.
func TestThereAreNoTasks(t *testing.T) {
	base, _ := newProduct(t, &attrovetest.Upstream{Answer: echo}).listen(t, transport.HTTPOptions{})
	mine := headers("ann", "sk_ann")
	started := send(t, "POST", base+"/mcp", strings.Replace(query("7", "mine"), `"params":{`, `"params":{"task":{"ttl":60000},`, 1), mine)
	assert.NotContains(t, started.body, "taskId")
	for _, method := range []string{"tasks/list", "tasks/get", "tasks/result", "tasks/cancel", "tasks/update"} {
		got := send(t, "POST", base+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{"taskId":"1"}}`, mine)
		assert.Contains(t, got.body, "-32601", method)
		body, h := modernly(method, `"taskId":"1"`)
		got = send(t, "POST", base+"/mcp", body, with(h, "Mcp-Name", "1"))
		assert.Contains(t, got.body, "-32601", method)
	}
	said := send(t, "POST", base+"/mcp", strings.Split(hello, "\n")[0], mine)
	assert.NotContains(t, said.body, "tasks")
}

// TestRequestsLeaveNothingBehind: no session, no goroutine, no memory.
func TestRequestsLeaveNothingBehind(t *testing.T) {
	const many = 2000
	base, _ := newProduct(t, &attrovetest.Upstream{Answer: echo}).listen(t, transport.HTTPOptions{})
	mine := headers("ann", "sk_ann")
	initialize := strings.Split(hello, "\n")[0]
	inUse := func() (bytes uint64, goroutines int) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	for range 100 { // what is made once is made
		send(t, "POST", base+"/mcp", initialize, mine)
	}
	memory, goroutines := inUse()
	for range many {
		got := send(t, "POST", base+"/mcp", initialize, mine)
		require.Empty(t, got.header.Get("Mcp-Session-Id"))
	}
	after, left := inUse()
	assert.Less(t, int64(after)-int64(memory), int64(many*4000), "bytes in use grew")
	assert.Less(t, left-goroutines, 20)
}
