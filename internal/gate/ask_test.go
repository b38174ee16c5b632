package gate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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

// TestNobodyIsAskedInVain: what the goal's lifecycle forbids is refused at once.
func TestNobodyIsAskedInVain(t *testing.T) {
	for _, c := range []struct{ tool, args, lifecycle, code, says string }{
		{"attrove_archive_goal", `"reason":"r"`, "archived", attrove.CodeGoalTerminal, "is archived, and only an active goal can be changed"},
		{"attrove_cancel_goal", `"reason":"r"`, "completed", attrove.CodeGoalTerminal, "is completed"},
		{"attrove_confirm_goal_status", `"lifecycle":"completed","reason":"r"`, "cancelled", attrove.CodeGoalTerminal, "is cancelled"},
		{"attrove_update_goal", `"title":"t"`, "archived", attrove.CodeGoalTerminal, "is archived"},
		{"attrove_reopen_goal", `"expected_lifecycle":"archived","expected_lifecycle_version":3,"reason_code":"c","reason":"r"`, "active", attrove.CodeGoalConflict, "nothing to reopen"},
		{"attrove_reopen_goal", `"expected_lifecycle":"archived","expected_lifecycle_version":3,"reason_code":"c","reason":"r"`, "archived", "", ""},
		{"attrove_archive_goal", `"reason":"r"`, "active", "", ""},
		{"attrove_archive_goal", `"reason":"r"`, "paused", "", ""}, // the contract does not know it: the upstream may
	} {
		up := attrovetest.Says(200, `{"data":{"id":"gol_1","title":"Renew","lifecycle":"`+c.lifecycle+`","lifecycle_version":3}}`)
		caller := func(context.Context) (attrove.Caller, error) {
			return attrove.Caller{UserID: "ann", Key: "sk_ann"}, nil
		}
		g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, caller)
		result, question := call(t, g, gate.Request{Tool: c.tool, Human: gate.Human{Decides: true}, Arguments: json.RawMessage(`{"goal_id":"gol_1",` + c.args + `}`)})
		assert.Equal(t, c.code == "", question != nil, "%s of a goal that is %s: %s", c.tool, c.lifecycle, result.Structured)
		assert.Equal(t, c.code, result.Code, "%s", result.Structured)
		assert.Contains(t, string(result.Structured), c.says)
		assert.Len(t, up.Requests(), 1, "nothing but a look at the goal")
	}
}

// TestConversationsAreNamedOrCounted: whoever is asked knows how many they are not
// shown, and what becomes of those.
func TestConversationsAreNamedOrCounted(t *testing.T) {
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		page := `{"data":[{"id":"cnv_1","name":"#general"},{"id":"cnv_9","name":"#other"}],"pagination":{"has_more":true,"next_cursor":"2"}}`
		if r.URL.Query().Get("cursor") == "2" {
			page = `{"data":[{"id":"cnv_2","name":"#sales"}],"pagination":{"has_more":false}}`
		}
		_, _ = io.WriteString(w, page)
	}}
	caller := func(context.Context) (attrove.Caller, error) {
		return attrove.Caller{UserID: "ann", Key: "sk_ann"}, nil
	}
	g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, caller)
	asked := func(switches ...string) string {
		_, question := call(t, g, gate.Request{Tool: "attrove_update_conversations", Human: gate.Human{Decides: true},
			Arguments: json.RawMessage(`{"conversations":[` + strings.Join(switches, ",") + `]}`)})
		require.NotNil(t, question)
		return question.Text
	}
	turn := func(id int, on bool) string { return fmt.Sprintf(`{"id":"cnv_%d","sync_enabled":%t}`, id, on) }
	assert.Contains(t, asked(turn(1, false)), "Switch the sync of conversations: “#general” off?")
	assert.Len(t, up.Requests(), 1, "one page has the name")
	assert.Contains(t, asked(turn(2, false), turn(3, true)), ": “#sales” off, the one with the id “cnv_3” on?", "on the second page, and on none")
	many := []string{turn(1, true), turn(2, true), turn(9, true), turn(1, true), turn(2, true)}
	for i := range 95 {
		many = append(many, turn(100+i, i < 2))
	}
	assert.Contains(t, asked(many...), "“#sales” on, and 95 more that are not named here, 2 of them on and 93 off?")
}

// TestPushedThingsAreNamedAsTheyWere: by an external id nothing can be looked up.
func TestPushedThingsAreNamedAsTheyWere(t *testing.T) {
	for tool, want := range map[string]string{"attrove_delete_note": "note with the external id “mine-1”", "attrove_delete_meeting": "meeting with the external id “mine-1”"} {
		up := attrovetest.Says(200, `{"data":{"id":"x"}}`)
		up.Ours = true
		caller := func(context.Context) (attrove.Caller, error) {
			return attrove.Caller{UserID: "ann", Key: "sk_ann"}, nil
		}
		g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, caller)
		_, question := call(t, g, gate.Request{Tool: tool, Human: gate.Human{Decides: true}, Arguments: json.RawMessage(`{"external_id":"mine-1"}`)})
		require.NotNil(t, question)
		assert.Contains(t, question.Text, want)
		assert.Empty(t, up.Requests())
	}
}
