package mcpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/tools"
)

// openPlaybook is a server with the prompts in front of the sample workspace and
// its goals, as on a Friday.
func openPlaybook(t *testing.T) *server.MCPServer {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) }
	engine := local.New(local.Options{Now: now, Me: sample.Me(), Name: sample.User().Name, Timezone: sample.User().Timezone,
		Log: watched(t, io.Discard).Logger, Sample: sample.Load, SampleGoals: sample.Goals})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: engine.Transport(), Ours: true})
	require.NoError(t, err)
	_, err = engine.LocalCaller(t.Context()) // opens it, which under the race detector takes longer than a completion has
	require.NoError(t, err)
	return playbook(t, prompts.Env{Client: c, Now: now, Patience: time.Minute}, engine.LocalCaller, gate.Everything(tools.Catalog()), io.Discard)
}

func playbook(t *testing.T, env prompts.Env, who gate.CallerSource, inventory gate.Inventory, logs io.Writer) *server.MCPServer {
	t.Helper()
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(inventory, tools.Env{Client: env.Client}, who), Prompts: env, Log: watched(t, logs).Logger})
	require.NoError(t, err)
	return s
}

// prompt gets a prompt; args are names and values by turns.
func prompt(t *testing.T, c *client.Client, name string, args ...string) (*mcp.GetPromptResult, error) {
	t.Helper()
	var req mcp.GetPromptRequest
	req.Params.Name = name
	req.Params.Arguments = map[string]string{}
	for i := 0; i < len(args); i += 2 {
		req.Params.Arguments[args[i]] = args[i+1]
	}
	return c.GetPrompt(t.Context(), req)
}

// messages are the texts of a prompt, one after the other.
func messages(t *testing.T, r *mcp.GetPromptResult) string {
	t.Helper()
	require.Len(t, r.Messages, 2, "the data, and what to do with it")
	var texts []string
	for _, m := range r.Messages {
		assert.Equal(t, mcp.RoleUser, m.Role)
		content, ok := m.Content.(mcp.TextContent)
		require.True(t, ok)
		texts = append(texts, content.Text)
	}
	return strings.Join(texts, "\n\n---\n\n") + "\n"
}

// TestPrompts lists and gets every prompt in both eras.
func TestPrompts(t *testing.T) {
	s := openPlaybook(t)
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			c, hello := connect(t, s, option)
			require.NotNil(t, hello.Capabilities.Prompts)
			assert.False(t, hello.Capabilities.Prompts.ListChanged)
			assert.NotNil(t, hello.Capabilities.Completions)
			list, err := c.ListPrompts(t.Context(), mcp.ListPromptsRequest{})
			require.NoError(t, err)
			golden(t, "prompts/list", list.Prompts)
			seen := map[string]bool{}
			for _, one := range []struct{ file, name, argument, value string }{
				{"attention", "attention", "", ""},
				{"meeting_prep", "meeting_prep", "", ""},
				{"meeting_prep_customer", "meeting_prep", "meeting", "quarterly review pellworth"},
				{"goal_review", "goal_review", "", ""},
				{"goal_review_one", "goal_review", "goal", "osterveld"},
				{"catch_up", "catch_up", "thread", "Corvane alternatives"},
				{"who_is", "who_is", "person", "Brooke"},
				{"promises", "promises", "", ""},
				{"promises_with", "promises", "with", "Norrgate"},
				{"follow_up", "follow_up", "goal", "Osterveld"},
				{"end_of_day", "end_of_day", "day", "yesterday"},
			} {
				var args []string
				if one.argument != "" {
					args = []string{one.argument, one.value}
				}
				got, err := prompt(t, c, one.name, args...)
				require.NoError(t, err, one.file)
				text := messages(t, got)
				goldenText(t, "prompts/"+one.file+".md", ids{}.stable(withoutNonce(t, text)))
				assert.Less(t, len(text), 20_000, one.file)
				assert.Equal(t, true, got.Meta.AdditionalFields["attrove-mcp/untrusted"])
				assert.NotContains(t, text, "Could not be gathered", one.file)
				seen[one.name] = true
			}
			assert.Len(t, seen, len(list.Prompts))
		})
	}
}

// TestPromptsTakeWhatCompletionOffers completes each argument and gets the prompt
// with the first value.
func TestPromptsTakeWhatCompletionOffers(t *testing.T) {
	c, _ := connect(t, openPlaybook(t), legacy())
	for _, one := range []struct{ prompt, argument, typed, first string }{
		{"attention", "since", "", "yesterday"},
		{"attention", "since", "7", "7d"},
		{"meeting_prep", "meeting", "", "fri-20-nov-write-the-corvane-plan-do-not~evt_"},
		{"meeting_prep", "meeting", "pellworth", "tue-24-nov-quarterly-review-with~evt_"},
		{"goal_review", "goal", "oster", "osterveld-renewal~gol_"},
		{"goal_review", "goal", "osterveld-renewal~gol_", "osterveld-renewal~gol_"},
		{"catch_up", "thread", "", "reminder-postmortem-actions~thr_"},
		{"catch_up", "thread", "asset export", "asset-export~thr_"},
		{"who_is", "person", "brooke", "brooke-tanner~ent_"},
		{"who_is", "person", "btanner@corvane", "brooke-tanner~ent_"},
		{"promises", "with", "soo-min", "soo-min-park~ent_"},
		{"follow_up", "goal", "PELL", "pellworth-renewal~gol_"},
		{"end_of_day", "day", "y", "yesterday"},
	} {
		var req mcp.CompleteRequest
		req.Params.Ref = mcp.PromptReference{Type: "ref/prompt", Name: one.prompt}
		req.Params.Argument = mcp.CompleteArgument{Name: one.argument, Value: one.typed}
		got, err := c.Complete(t.Context(), req)
		require.NoError(t, err, one.prompt)
		require.NotEmpty(t, got.Completion.Values, one)
		value := got.Completion.Values[0]
		assert.True(t, strings.HasPrefix(value, one.first), "%v: %s", one, value)
		_, err = prompt(t, c, one.prompt, one.argument, value)
		require.NoError(t, err, one)
	}
}

// TestWrongPromptArguments: a client can tell what is wrong, by the code that the
// specification gives for it and by the name of the argument.
func TestWrongPromptArguments(t *testing.T) {
	s := openPlaybook(t)
	for _, c := range []struct{ prompt, arguments, want string }{
		{"nope", `{}`, "'nope' not found"},
		{"attention", `{"since":"whenever"}`, `(since: "whenever" is not a date`},
		{"attention", `{"since":"2027-01-01"}`, "(since: it must not be in the future)"},
		{"attention", `{"sine":"7d"}`, "(sine: there is no such argument; did you mean since?)"},
		{"end_of_day", `{"day":"tomorrow"}`, "(day: it must not be in the future)"},
		{"meeting_prep", `{"meeting":"evt_00000000000000000000"}`, "(meeting: there is no event of this id"},
		{"meeting_prep", `{"meeting":"a~b/c"}`, "(meeting: no event in the next two weeks"},
		{"meeting_prep", `{"meeting":"xyzzy"}`, "(meeting: no event in the next two weeks"},
		{"goal_review", `{"goal":"gol_00000000000000000000"}`, "(goal: there is no goal of this id"},
		{"goal_review", `{"goal":"xyzzy"}`, "(goal: no goal has these words"},
		{"catch_up", `{}`, "(thread: it is required"},
		{"catch_up", `{"thread":" \u200b "}`, "(thread: it is required"},
		{"catch_up", `{"thread":"thr_00000000000000000000"}`, "(thread: there is no thread of this id"},
		{"catch_up", `{"thread":"xyzzy plugh"}`, "(thread: no thread is about these words"},
		{"who_is", `{"person":"ent_00000000000000000000"}`, "(person: there is no contact of this id"},
		{"who_is", `{"person":"xyzzy"}`, "(person: no contact has this"},
		{"promises", `{"with":"x~ent_00000000000000000000"}`, "(with: there is no contact of this id"},
		{"follow_up", `{"directive":"shorter"}`, "(goal: it is required"},
		{"follow_up", `{"goal":"osterveld","directive":"` + strings.Repeat("x", 501) + `"}`, "(directive: it may hold 500 bytes at most)"},
	} {
		for era, meta := range map[string]string{"legacy": ``, "modern": `,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`} {
			_, failure := answer(t, s, fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":%q,"arguments":%s%s}}`, c.prompt, c.arguments, meta))
			require.NotNil(t, failure, "%s %s %s", era, c.prompt, c.arguments)
			assert.EqualValues(t, mcp.INVALID_PARAMS, failure["code"], "%s %s", c.prompt, c.arguments)
			assert.Contains(t, failure["message"], c.want)
		}
	}
}

// TestPromptsListWithoutIO: what is there follows from what is on, in the order of
// the catalogue, and is the caller's business alone.
func TestPromptsListWithoutIO(t *testing.T) {
	up := &attrovetest.Upstream{}
	s := playbook(t, prompts.Env{Client: up.Client(t)}, me, gate.Everything(tools.Catalog()), io.Discard)
	list, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"prompts/list","params":{"_meta":{
		"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`)
	require.Nil(t, failure)
	assert.Equal(t, "private", list["cacheScope"])
	assert.NotContains(t, list, "nextCursor")
	listed, ok := list["prompts"].([]any)
	require.True(t, ok)
	require.Len(t, listed, len(prompts.Catalog()))
	for i, want := range prompts.Catalog() {
		one, ok := listed[i].(map[string]any)
		require.True(t, ok)
		assert.Equal(t, want.Name(), one["name"])
	}
	assert.Empty(t, up.Requests())
}

// TestPromptsOfToolsThatAreOff are not there.
func TestPromptsOfToolsThatAreOff(t *testing.T) {
	inventory, err := gate.Select(tools.Catalog(), gate.Selection{Toolsets: []string{"goals"}})
	require.NoError(t, err)
	up := attrovetest.Says(200, `{"data":[],"pagination":{"has_more":false}}`)
	c, _ := connect(t, playbook(t, prompts.Env{Client: up.Client(t)}, me, inventory, io.Discard), legacy())
	list, err := c.ListPrompts(t.Context(), mcp.ListPromptsRequest{})
	require.NoError(t, err)
	var names []string
	for _, one := range list.Prompts {
		names = append(names, one.Name)
	}
	assert.Equal(t, []string{"goal_review", "follow_up"}, names)
	_, err = prompt(t, c, "attention")
	require.ErrorContains(t, err, "'attention' not found")
}

// TestPromptsWithoutAKey: whoever has none is told what to do.
func TestPromptsWithoutAKey(t *testing.T) {
	up := &attrovetest.Upstream{}
	none := func(context.Context) (attrove.Caller, error) { return attrove.Caller{}, nil }
	for name, c := range map[string]struct{ setup, want string }{
		"usual":   {"", "set ATTROVE_SECRET_KEY and ATTROVE_USER_ID"},
		"its own": {"Open the settings.", "MISSING_KEY: this call needs the user's sk_ key. Open the settings."},
	} {
		client, _ := connect(t, playbook(t, prompts.Env{Client: up.Client(t), Setup: c.setup}, none, gate.Everything(tools.Catalog()), io.Discard), legacy())
		for _, one := range prompts.Catalog() {
			args := []string{}
			for _, a := range one.Arguments() {
				if a.Required {
					args = append(args, a.Name, "x")
				}
			}
			_, err := prompt(t, client, one.Name(), args...)
			require.ErrorContains(t, err, c.want, name)
		}
	}
	assert.Empty(t, up.Requests())
}

// TestPromptsKeepPanicsAndErrorsInside: neither what was thrown nor a raw error of
// Go reaches a client or the log, wherever it comes from.
func TestPromptsKeepPanicsAndErrorsInside(t *testing.T) {
	throwing := &attrovetest.Upstream{Answer: func(http.ResponseWriter, *http.Request) { panic("sk_planted in a panic") }}
	for name, c := range map[string]struct {
		up  *attrovetest.Upstream
		who gate.CallerSource
	}{
		"the caller panics":     {&attrovetest.Upstream{}, func(context.Context) (attrove.Caller, error) { panic("sk_planted in a panic") }},
		"the caller is unknown": {&attrovetest.Upstream{}, func(context.Context) (attrove.Caller, error) { return attrove.Caller{}, io.ErrUnexpectedEOF }},
		"a call panics":         {throwing, me},
	} {
		t.Run(name, func(t *testing.T) {
			var logs bytes.Buffer
			client, _ := connect(t, playbook(t, prompts.Env{Client: c.up.Client(t)}, c.who, gate.Everything(tools.Catalog()), &logs), legacy())
			_, err := prompt(t, client, "attention")
			require.ErrorContains(t, err, "INTERNAL_ERROR: something went wrong inside attrove-mcp")
			var req mcp.CompleteRequest
			req.Params.Ref = mcp.PromptReference{Type: "ref/prompt", Name: "goal_review"}
			req.Params.Argument = mcp.CompleteArgument{Name: "goal", Value: "x"}
			_, again := client.Complete(t.Context(), req)
			require.ErrorContains(t, again, "INTERNAL_ERROR: something went wrong inside attrove-mcp")
			for _, text := range []string{err.Error(), again.Error(), logs.String()} {
				assert.NotContains(t, text, "sk_planted")
				assert.NotContains(t, text, "EOF")
			}
		})
	}
}

// TestNobodyFillsAPromptButTheServer: what a client sends in _meta is not taken for
// what the server found.
func TestNobodyFillsAPromptButTheServer(t *testing.T) {
	s := playbook(t, prompts.Env{Client: attrovetest.Says(501, `{}`).Client(t)}, me, gate.Everything(tools.Catalog()), io.Discard)
	_, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"attention","_meta":{"filling":{"filled":{"data":"forged"}},"progressToken":7}}}`)
	require.NotNil(t, failure)
	assert.NotContains(t, failure["message"], "forged")
	assert.Contains(t, failure["message"], "NOT_IMPLEMENTED")
}

// TestPromptsOfAnyShape: arguments that are no object of strings are refused before
// anything is asked.
func TestPromptsOfAnyShape(t *testing.T) {
	up := &attrovetest.Upstream{}
	s := playbook(t, prompts.Env{Client: up.Client(t)}, me, gate.Everything(tools.Catalog()), io.Discard)
	for _, arguments := range []string{`[1]`, `"x"`, `7`, `{"since":7}`, `{"since":{"a":1}}`, `{"":""}`} {
		_, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"attention","arguments":`+arguments+`}}`)
		assert.NotNil(t, failure, arguments)
	}
	assert.Empty(t, up.Requests())
}

// TestPromptLogHoldsNoContent plants words wherever a prompt has a place for them.
func TestPromptLogHoldsNoContent(t *testing.T) {
	var logs bytes.Buffer
	up := attrovetest.Says(200, `{"answer":"planted-answer","data":[{"id":"planted-id","title":"planted-title"}],"pagination":{"has_more":false}}`)
	c, _ := connect(t, playbook(t, prompts.Env{Client: up.Client(t)}, me, gate.Everything(tools.Catalog()), &logs), legacy())
	_, err := prompt(t, c, "promises", "with", "planted-name")
	require.NoError(t, err)
	_, err = prompt(t, c, "planted-prompt")
	require.Error(t, err)
	_, err = prompt(t, c, "promises", "planted-argument", "planted-value")
	require.Error(t, err)
	assert.NotContains(t, logs.String(), "planted")
	var line struct {
		Prompt, Outcome string
		Missing         []string
	}
	require.NoError(t, json.Unmarshal([]byte(strings.SplitN(logs.String(), "\n", 2)[0]), &line))
	assert.Equal(t, "promises", line.Prompt)
	assert.Equal(t, "ok", line.Outcome)
}
