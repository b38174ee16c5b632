package gate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/tools"
)

const thatGoal = `{"goal_id":"gol_1","reason":"planted"}`

// TestRecords: each call is told of once, with what was decided about it.
func TestRecords(t *testing.T) {
	asked := gate.Human{Decides: true}
	for name, c := range map[string]struct {
		tool, arguments string
		human           gate.Human
		policy          gate.Policy
		verdict         gate.Verdict // of the answer; 0 is no answer
		gone            bool         // nobody says who calls
		want            gate.Record
	}{
		"a read": {tool: "attrove_get_goal_status", arguments: `{"goal_id":"gol_1"}`,
			want: gate.Record{User: "ann", Tool: "attrove_get_goal_status", Objects: []string{"gol_1"}, Decision: gate.Allowed, Outcome: "ok"}},
		"a write says what it made": {tool: "attrove_create_goal", arguments: `{"title":"planted","watch_scope":{"keywords":["planted"]}}`,
			want: gate.Record{User: "ann", Tool: "attrove_create_goal", Effect: attrove.Write, Objects: []string{"gol_1"}, Decision: gate.Allowed, Outcome: "ok"}},
		"one that a human is asked about": {tool: "attrove_archive_goal", arguments: thatGoal, human: asked,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"gol_1"}, Decision: gate.Asked, Outcome: "asked"}},
		"one that a human wants": {tool: "attrove_archive_goal", arguments: thatGoal, human: asked, verdict: gate.Yes,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"gol_1"}, Decision: gate.Confirmed, Outcome: "ok"}},
		"one that a human does not want": {tool: "attrove_archive_goal", arguments: thatGoal, human: asked, verdict: gate.No,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"gol_1"}, Decision: gate.Declined, Outcome: "DECLINED"}},
		"one that a human never saw": {tool: "attrove_archive_goal", arguments: thatGoal, human: asked, verdict: gate.Unasked,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"gol_1"}, Decision: gate.Refused, Outcome: "NOT_CONFIRMED"}},
		"one under the host's approval": {tool: "attrove_archive_goal", arguments: thatGoal,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"gol_1"}, Decision: gate.Allowed, Outcome: "ok"}},
		"one that nobody can be asked about": {tool: "attrove_disconnect_integration", arguments: `{"integration_id":"i_1"}`,
			want: gate.Record{User: "ann", Tool: "attrove_disconnect_integration", Effect: attrove.Destroy, Objects: []string{"i_1"}, Decision: gate.Denied, Outcome: "NEEDS_CONFIRMATION"}},
		"one that is denied": {tool: "attrove_archive_goal", arguments: thatGoal, human: asked, policy: gate.Deny,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"gol_1"}, Decision: gate.Denied, Outcome: "NEEDS_CONFIRMATION"}},
		"one that is off": {tool: "attrove_search", arguments: `{}`,
			want: gate.Record{Tool: "attrove_search", Decision: gate.Disabled, Outcome: "TOOL_DISABLED"}},
		"one that does not exist": {tool: "planted", arguments: `{}`,
			want: gate.Record{Decision: gate.Refused, Outcome: "UNKNOWN_TOOL"}},
		"wrong arguments": {tool: "attrove_archive_goal", arguments: `{"planted":"planted"}`,
			want: gate.Record{User: "ann", Tool: "attrove_archive_goal", Decision: gate.Refused, Outcome: "INVALID_ARGUMENT"}},
		"nobody's": {tool: "attrove_archive_goal", arguments: thatGoal, gone: true,
			want: gate.Record{Tool: "attrove_archive_goal", Decision: gate.Refused, Outcome: "MISSING_KEY"}},
		"one that Attrove refuses": {tool: "attrove_get_goal_status", arguments: `{"goal_id":"missing"}`,
			want: gate.Record{User: "ann", Tool: "attrove_get_goal_status", Objects: []string{"missing"}, Decision: gate.Allowed, Outcome: "NOT_FOUND"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []gate.Record
			g := recorded(t, &got, c.policy, c.gone)
			r := gate.Request{Tool: c.tool, Arguments: json.RawMessage(c.arguments), Human: c.human}
			result, question := g.Call(t.Context(), r)
			if c.verdict != 0 {
				require.NotNil(t, question, "%s", result.Structured)
				r.Answer = &gate.Answer{State: question.State, Verdict: c.verdict}
				got = nil
				g.Call(t.Context(), r)
			}
			require.Len(t, got, 1)
			assert.Positive(t, got[0].Took)
			got[0].Took = 0
			assert.Equal(t, c.want, got[0])
			assert.NotContains(t, fmt.Sprintf("%+v", got), "planted")
		})
	}
}

// recorded is a gate that notes what is told of its calls.
func recorded(t *testing.T, got *[]gate.Record, policy gate.Policy, gone bool) *gate.Gate {
	t.Helper()
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "missing") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = fmt.Fprint(w, `{"data":{"id":"gol_1","title":"Renew","lifecycle":"active","health":"at_risk","lifecycle_version":3}}`)
	}}
	caller := func(context.Context) (attrove.Caller, error) {
		if gone {
			return attrove.Caller{}, &attrove.Error{Code: attrove.CodeMissingKey, Message: "who?"}
		}
		return attrove.Caller{UserID: "ann", Key: "sk_ann"}, nil
	}
	inventory, err := gate.Select(tools.Catalog(), gate.Selection{Toolsets: []string{"all"}, Exclude: []string{"attrove_search"}})
	require.NoError(t, err)
	return gate.New(inventory, tools.Env{Client: up.Client(t)}, caller, gate.WithConfirmation(gate.Confirmation{Policy: policy}),
		gate.WithRecords(func(_ context.Context, r gate.Record) { *got = append(*got, r) }))
}

// TestPanicsAreRecorded: whatever happens, it is known who wanted what.
func TestPanicsAreRecorded(t *testing.T) {
	var got []gate.Record
	up := &attrovetest.Upstream{Answer: func(http.ResponseWriter, *http.Request) {}}
	g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, func(context.Context) (attrove.Caller, error) {
		panic(errors.New("planted"))
	}, gate.WithRecords(func(_ context.Context, r gate.Record) { got = append(got, r) }))
	assert.Panics(t, func() {
		g.Call(t.Context(), gate.Request{Tool: "attrove_archive_goal", Arguments: json.RawMessage(thatGoal)})
	})
	require.Len(t, got, 1)
	got[0].Took = 0
	assert.Equal(t, gate.Record{Tool: "attrove_archive_goal", Decision: gate.Refused, Outcome: attrove.CodeInternal}, got[0])
}
