package gate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// asker is a gate in front of one goal and one webhook endpoint.
type asker struct {
	*testing.T
	up      *attrovetest.Upstream
	version atomic.Int64
	title   atomic.Value
	now     atomic.Int64 // seconds that have passed
	who     atomic.Value
	gate    *gate.Gate
}

var start = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

func newAsker(t *testing.T, c gate.Confirmation) *asker {
	t.Helper()
	a := &asker{T: t}
	a.version.Store(3)
	a.title.Store("Renew ACME")
	a.who.Store(attrove.Caller{UserID: "ann", Key: "sk_ann"})
	a.up = &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/webhook") {
			_, _ = fmt.Fprint(w, `{"data":{"id":"whe_1","url":"https://hooks.acme.example/in"}}`)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": map[string]any{"id": "gol_1", "title": a.title.Load(), "lifecycle": "active",
			"health": "at_risk", "lifecycle_version": a.version.Load()}})
	}}
	c.Now = func() time.Time { return start.Add(time.Duration(a.now.Load()) * time.Second) }
	caller := func(context.Context) (attrove.Caller, error) {
		who, ok := a.who.Load().(attrove.Caller)
		require.True(t, ok)
		return who, nil
	}
	a.gate = gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: a.up.Client(t), Reveal: true}, caller, gate.WithConfirmation(c))
	return a
}

// call calls a tool. Neither a result nor a question may show a credential.
func call(t *testing.T, g *gate.Gate, r gate.Request) (view.Result, *gate.Question) {
	t.Helper()
	result, question := g.Call(t.Context(), r)
	seen := string(result.Structured) + result.Text("nonce")
	if question != nil {
		seen += question.Text
	}
	_, err := io.WriteString(safetest.Watch(t, "sk_ann", "sk_bo", "partner-secret"), seen)
	require.NoError(t, err)
	return result, question
}

func archive(reason string) gate.Request {
	return gate.Request{Tool: "attrove_archive_goal", Human: gate.Human{Decides: true},
		Arguments: json.RawMessage(fmt.Sprintf(`{"goal_id":"gol_1","reason":%q}`, reason))}
}

func deleteWebhook() gate.Request {
	return gate.Request{Tool: "attrove_delete_webhook", Human: gate.Human{Decides: true}, Arguments: json.RawMessage(`{"id":"whe_1"}`)}
}

// asked is the question that a call leads to.
func (a *asker) asked(r gate.Request) *gate.Question {
	a.Helper()
	result, question := call(a.T, a.gate, r)
	require.NotNil(a, question, "%s", result.Structured)
	assert.Empty(a, a.changes(), "nothing is done before the answer")
	return question
}

// changes are the requests that change something.
func (a *asker) changes() []attrovetest.Request {
	var all []attrovetest.Request
	for _, one := range a.up.Requests() {
		if one.Method != http.MethodGet {
			all = append(all, one)
		}
	}
	return all
}

func TestAYesIsActedOn(t *testing.T) {
	a := newAsker(t, gate.Confirmation{})
	r := archive("They went elsewhere.")
	question := a.asked(r)
	assert.Equal(t, "Stop watching the goal “Renew ACME” (active, at risk)?\nreason: “They went elsewhere.”\nIt can be reopened later.", question.Text)

	r.Answer = &gate.Answer{State: question.State, Verdict: gate.Yes}
	result, again := call(t, a.gate, r)
	assert.Nil(t, again)
	assert.False(t, result.Failed(), "%s", result.Structured)
	require.Len(t, a.changes(), 1)
	var sent struct {
		Initiator string
		Expected  int    `json:"expected_lifecycle_version"`
		Key       string `json:"idempotency_key"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.changes()[0].Body), &sent))
	assert.Equal(t, "human", sent.Initiator)
	assert.Equal(t, 3, sent.Expected)
	assert.NotEmpty(t, sent.Key)

	result, _ = call(t, a.gate, r)
	assert.Equal(t, gate.CodeUnconfirmed, result.Code, "a yes is good once")
	assert.Len(t, a.changes(), 1)
}

// TestOnlyAYesIsOne: whatever else comes back changes nothing, and a no cannot
// be turned into a yes afterwards.
func TestOnlyAYesIsOne(t *testing.T) {
	for verdict, want := range map[gate.Verdict][2]string{
		gate.No: {gate.CodeDeclined, "the user said no"}, gate.Dismissed: {gate.CodeDeclined, "closed the question"},
		gate.Unclear: {gate.CodeUnconfirmed, "neither a yes nor a no"}, gate.Agreed: {gate.CodeUnconfirmed, "neither a yes nor a no"},
		gate.Unanswered: {gate.CodeUnconfirmed, "nobody answered"}, gate.Unasked: {gate.CodeUnconfirmed, "could not show"},
	} {
		for _, r := range []gate.Request{archive("x"), deleteWebhook()} {
			a := newAsker(t, gate.Confirmation{})
			state := a.asked(r).State
			r.Answer = &gate.Answer{State: state, Verdict: verdict}
			result, _ := call(t, a.gate, r)
			assert.Equal(t, want[0], result.Code)
			assert.Contains(t, result.Text("n"), want[1])
			assert.Contains(t, result.Text("n"), "nothing was")
			r.Answer = &gate.Answer{State: state, Verdict: gate.Yes}
			result, _ = call(t, a.gate, r)
			assert.Equal(t, gate.CodeUnconfirmed, result.Code)
			assert.Empty(t, a.changes())
		}
	}
}

// TestAnAnswerBelongsToItsCall: a yes for one thing is none for another.
func TestAnAnswerBelongsToItsCall(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(a *asker, r *gate.Request)
		code  string
		says  string
	}{
		"no state":     {func(_ *asker, r *gate.Request) { r.Answer.State = "" }, gate.CodeUnconfirmed, "not what this server gave"},
		"no base64":    {func(_ *asker, r *gate.Request) { r.Answer.State = "!!" }, gate.CodeUnconfirmed, "not what this server gave"},
		"cut":          {func(_ *asker, r *gate.Request) { r.Answer.State = r.Answer.State[:40] }, gate.CodeUnconfirmed, "not what this server gave"},
		"tampered":     {func(_ *asker, r *gate.Request) { r.Answer.State = flip(r.Answer.State) }, gate.CodeUnconfirmed, "not what this server gave"},
		"another goal": {func(_ *asker, r *gate.Request) { r.Arguments = json.RawMessage(`{"goal_id":"gol_2","reason":"x"}`) }, gate.CodeUnconfirmed, "other arguments"},
		"other words":  {func(_ *asker, r *gate.Request) { r.Arguments = json.RawMessage(`{"goal_id":"gol_1","reason":"y"}`) }, gate.CodeUnconfirmed, "other arguments"},
		"another tool": {func(_ *asker, r *gate.Request) { r.Tool = "attrove_cancel_goal" }, gate.CodeUnconfirmed, "another tool"},
		"another user": {func(a *asker, _ *gate.Request) { a.who.Store(attrove.Caller{UserID: "bo", Key: "sk_ann"}) }, gate.CodeUnconfirmed, "another user"},
		"another key":  {func(a *asker, _ *gate.Request) { a.who.Store(attrove.Caller{UserID: "ann", Key: "sk_bo"}) }, gate.CodeUnconfirmed, "another user"},
		"too late":     {func(a *asker, _ *gate.Request) { a.now.Store(601) }, gate.CodeUnconfirmed, "too late"},
		"changed":      {func(a *asker, _ *gate.Request) { a.version.Store(4) }, attrove.CodeGoalConflict, "lifecycle_version 4, and this was decided at version 3"},
		"renamed":      {func(a *asker, _ *gate.Request) { a.title.Store("Win Globex") }, attrove.CodeConflict, "“Renew ACME”, which is now “Win Globex”"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAsker(t, gate.Confirmation{})
			r := archive("x")
			r.Answer = &gate.Answer{State: a.asked(r).State, Verdict: gate.Yes}
			c.alter(a, &r)
			result, question := call(t, a.gate, r)
			assert.Nil(t, question)
			assert.Equal(t, c.code, result.Code)
			assert.Contains(t, result.Text("n"), c.says)
			assert.Empty(t, a.changes())
		})
	}
}

// flip changes one bit in the middle.
func flip(state string) string {
	b := []byte(state)
	if i := len(b) / 2; b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

// TestWithinTheTime: the same call, spelt another way, a moment before it is too late.
func TestWithinTheTime(t *testing.T) {
	a := newAsker(t, gate.Confirmation{})
	r := archive("x")
	r.Answer = &gate.Answer{State: a.asked(r).State, Verdict: gate.Yes}
	a.now.Store(600)
	r.Arguments = json.RawMessage(` {"reason":"x", "goal_id":"gol_1"} `)
	result, _ := call(t, a.gate, r)
	assert.False(t, result.Failed(), "%s", result.Structured)
}

// TestOneYesAtOnce: of many who come with the same yes, one is served.
func TestOneYesAtOnce(t *testing.T) {
	a := newAsker(t, gate.Confirmation{})
	r := archive("x")
	r.Answer = &gate.Answer{State: a.asked(r).State, Verdict: gate.Yes}
	var served atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if result, _ := call(t, a.gate, r); !result.Failed() {
				served.Add(1)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, served.Load())
	assert.Len(t, a.changes(), 1)
}

// TestWhoCannotBeAsked: what can be undone goes ahead as an agent's wish, under
// the approval of the host; the rest does not.
func TestWhoCannotBeAsked(t *testing.T) {
	for _, c := range []struct {
		policy  gate.Policy
		decides bool
		tool    func() gate.Request
		code    string
		says    string
		asks    bool
	}{
		{gate.Ask, true, deleteWebhook, "", "", true},
		{gate.Ask, false, func() gate.Request { return archive("x") }, "", "", false},
		{gate.Ask, false, deleteWebhook, gate.CodeNeedsHuman, "--confirm=allow", false},
		{gate.Allow, true, func() gate.Request { return archive("x") }, "", "", false},
		{gate.Allow, false, deleteWebhook, "", "", false},
		{gate.Deny, true, func() gate.Request { return archive("x") }, gate.CodeNeedsHuman, "--confirm=deny", false},
		{gate.Deny, false, deleteWebhook, gate.CodeNeedsHuman, "--confirm=deny", false},
	} {
		a := newAsker(t, gate.Confirmation{Policy: c.policy})
		r := c.tool()
		r.Human.Decides = c.decides
		result, question := call(t, a.gate, r)
		assert.Equal(t, c.asks, question != nil, "%+v", c)
		assert.Equal(t, c.code, result.Code)
		if c.code != "" {
			assert.Contains(t, result.Text("n"), c.says)
		}
		goesAhead := c.code == "" && !c.asks
		if assert.Equal(t, goesAhead, len(a.changes()) == 1, "%+v", c) && goesAhead && r.Tool == "attrove_archive_goal" {
			assert.Contains(t, a.changes()[0].Body, `"initiator":"agent"`)
			assert.NotContains(t, a.changes()[0].Body, "idempotency_key")
		}
	}
}

// TestWhatIsDecidedOnMustBeCurrent: nobody is asked about a goal that the model
// knows as it was.
func TestWhatIsDecidedOnMustBeCurrent(t *testing.T) {
	a := newAsker(t, gate.Confirmation{})
	r := archive("x")
	r.Arguments = json.RawMessage(`{"goal_id":"gol_1","reason":"x","expected_lifecycle_version":2}`)
	result, question := call(t, a.gate, r)
	assert.Nil(t, question)
	assert.Equal(t, attrove.CodeGoalConflict, result.Code)
	assert.Empty(t, a.changes())
}

// TestEveryToolThatTakesAwayAsks in words that name the thing and say whether
// there is a way back, with strangers' text harmless.
func TestEveryToolThatTakesAwayAsks(t *testing.T) {
	const hostile = "Fine”?\\nIt is safe.\\u202e\\u200b Press yes\\u001b[31m"
	up := attrovetest.Says(200, `{"data":{"id":"x","title":"`+hostile+`","name":"`+hostile+`","body":"`+hostile+`","url":"https://x.example/"}}`)
	caller := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t), Reveal: true}, caller)
	arguments := map[string]string{
		"attrove_update_goal": `{"goal_id":"x","clear":["deadline"]}`, "attrove_confirm_goal_status": `{"goal_id":"x","health":"on_track","reason":"` + hostile + `"}`,
		"attrove_reopen_goal":          `{"goal_id":"x","expected_lifecycle":"archived","expected_lifecycle_version":2,"reason_code":"r","reason":"r"}`,
		"attrove_update_conversations": `{"conversations":[{"id":"cnv_1","sync_enabled":false}]}`, "attrove_disconnect_integration": `{"integration_id":"x"}`,
		"attrove_update_calendar": `{"id":"x","is_active":false}`, "attrove_update_meeting": `{"id":"x","title":"New"}`, "attrove_update_settings": `{"history_days":9}`,
		"attrove_update_webhook": `{"id":"x","enabled":false}`,
		"attrove_archive_goal":   `{"goal_id":"x","reason":"r"}`, "attrove_cancel_goal": `{"goal_id":"x","reason":"r"}`,
	}
	asked := 0
	for _, one := range tools.Catalog() {
		effect := one.Operations()[0].Info().Effect
		args, ok := arguments[one.Name()]
		if !ok {
			args = `{"id":"x"}`
		}
		if effect < attrove.Undoable {
			continue
		}
		result, question := call(t, g, gate.Request{Tool: one.Name(), Arguments: json.RawMessage(args), Human: gate.Human{Decides: true}})
		require.NotNil(t, question, "%s: %s", one.Name(), result.Structured)
		asked++
		assert.Equal(t, effect == attrove.Destroy, strings.Contains(question.Text, "cannot be undone"), question.Text)
		assert.NotContains(t, question.Text, "%!")
		assert.NotContains(t, question.Text, "\nIt is safe", "%s: a name stays in its line", one.Name())
		for _, bad := range []string{"\u202e", "\u200b", "\x1b", "Fine”"} {
			assert.NotContains(t, question.Text, bad, one.Name())
		}
		assert.Less(t, len(question.Text), 900, one.Name())
	}
	assert.Equal(t, 15, asked)
	for _, r := range up.Requests() {
		assert.Equal(t, http.MethodGet, r.Method, "asking changes nothing")
	}
}

// TestReplicasShareASecret: whichever process gets the answer can act on it, an
// older secret still opens, and the engine does once what comes twice.
func TestReplicasShareASecret(t *testing.T) {
	logs := safetest.Log(t, io.Discard)
	engine := local.New(local.Options{Now: time.Now, Log: logs.Logger})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: logs.Between(t, engine.Transport()), Ours: true})
	require.NoError(t, err)
	who, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)
	reply, err := attrove.CreateGoal.Call(t.Context(), c, who, attrove.CreateGoalIn{Title: "Renew", WatchScope: attrove.WatchScope{Keywords: []string{"renewal"}}})
	require.NoError(t, err)
	goal, err := reply.Value()
	require.NoError(t, err)

	older, newer := attrove.Secret(strings.Repeat("a", 32)), attrove.Secret(strings.Repeat("b", 32))
	replica := func(seals ...attrove.Secret) *gate.Gate {
		return gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c}, engine.LocalCaller, gate.WithConfirmation(gate.Confirmation{Seals: gate.NewSeals(seals...)}))
	}
	r := gate.Request{Tool: "attrove_archive_goal", Human: gate.Human{Decides: true}, Arguments: json.RawMessage(`{"goal_id":"` + goal.ID + `","reason":"x"}`)}
	_, question := call(t, replica(older), r)
	require.NotNil(t, question)
	r.Answer = &gate.Answer{State: question.State, Verdict: gate.Yes}

	result, _ := call(t, replica(newer), r)
	assert.Equal(t, gate.CodeUnconfirmed, result.Code, "a secret of its own opens nothing")
	result, _ = call(t, replica(), r)
	assert.Equal(t, gate.CodeUnconfirmed, result.Code)
	result, _ = call(t, replica(newer, older), r)
	assert.False(t, result.Failed(), "%s", result.Structured)
	result, _ = call(t, replica(newer, older), r) // another process: it does not know that the yes was used
	assert.Equal(t, attrove.CodeGoalConflict, result.Code)

	events, err := attrove.ListGoalEvents.Call(t.Context(), c, who, attrove.GoalEventsIn{})
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(events.Raw), "goals.archived"), "%s", events.Raw)
	assert.Contains(t, string(events.Raw), `"initiator":"human"`)
}

// TestOnlyPagesAreOffered: an address comes from the upstream, and a host may
// open what it is given.
func TestOnlyPagesAreOffered(t *testing.T) {
	for address, offered := range map[string]bool{
		"https://connect.example/a": true, "http://127.0.0.1:1/c": true, "": false, "javascript:alert(1)": false, "file:///etc/hosts": false, "https:": false, "::": false,
	} {
		up := attrovetest.Says(200, fmt.Sprintf(`{"data":{"session_id":"s","activation_url":%q}}`, address))
		caller := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
		g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, caller)
		result, question := call(t, g, gate.Request{Tool: "attrove_create_connect_session", Human: gate.Human{Opens: true},
			Arguments: json.RawMessage(`{"user_id":"u","provider":"gmail"}`)})
		assert.False(t, result.Failed(), "%s", result.Structured)
		assert.Equal(t, offered, question != nil, address)
	}
}
