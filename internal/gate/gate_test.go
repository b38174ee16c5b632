package gate_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/tools"
)

func TestCall(t *testing.T) {
	someone := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	nobody := func(context.Context) (attrove.Caller, error) {
		return attrove.Caller{}, &attrove.Error{Code: attrove.CodeMissingKey, Message: "no key"}
	}
	for _, c := range []struct {
		name, tool string
		caller     gate.CallerSource
		code, says string
		sent       int
	}{
		{"a tool that is on", "attrove_profile", someone, "", `"id":"u"`, 1},
		{"one that is off", "attrove_push_event", someone, gate.CodeDisabled, "switched off", 0},
		{"one that is not", "attrove_brief", someone, gate.CodeUnknownTool, `there is no tool \"attrove_brief\"`, 0},
		{"off comes before who is calling", "attrove_push_event", nobody, gate.CodeDisabled, "switched off", 0},
		{"nobody", "attrove_profile", nobody, attrove.CodeMissingKey, "Set the key.", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			up := attrovetest.Says(200, `{"data":{"id":"u"}}`)
			g := gate.New(tools.Catalog(), tools.Env{Client: up.Client(t), Setup: "Set the key."}, c.caller, "attrove_push_event")
			got := g.Call(t.Context(), c.tool, json.RawMessage(`{}`))
			assert.Equal(t, c.code, got.Code)
			assert.Contains(t, string(got.Structured), c.says)
			assert.Len(t, up.Requests(), c.sent)
		})
	}
}

func TestOffIsStillListedAmongAll(t *testing.T) {
	g := gate.New(tools.Catalog(), tools.Env{}, nil, "attrove_push_event")
	require.Len(t, g.All(), len(tools.Catalog()))
	assert.False(t, g.On("attrove_push_event"))
	assert.True(t, g.On("attrove_query"))
}
