package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/tools"
)

// TestOnlyAYesAtTheTerminal: who presses return has not said yes.
func TestOnlyAYesAtTheTerminal(t *testing.T) {
	for typed, want := range map[string]mcp.ElicitationResponseAction{
		"y\n": mcp.ElicitationResponseActionAccept, " YES \r\n": mcp.ElicitationResponseActionAccept,
		"n\n": mcp.ElicitationResponseActionDecline, "yeah\n": mcp.ElicitationResponseActionDecline,
		"\n": mcp.ElicitationResponseActionCancel, "": mcp.ElicitationResponseActionCancel, "y": mcp.ElicitationResponseActionCancel,
	} {
		var shown bytes.Buffer
		p := prompter{&app{in: strings.NewReader(typed), err: &shown}}
		var question mcp.ElicitationRequest
		question.Params.Message = "Stop watching the goal “Renew”?"
		got, err := p.Elicit(t.Context(), question)
		require.NoError(t, err)
		assert.Equal(t, want, got.Action, typed)
		assert.Equal(t, "Stop watching the goal “Renew”?\nDo this? [y/N] ", shown.String())
	}
}

func TestATerminalCanBeLeft(t *testing.T) {
	waiting, end := io.Pipe()
	t.Cleanup(func() { assert.NoError(t, end.Close()) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := prompter{&app{in: waiting, err: io.Discard}}.Elicit(ctx, mcp.ElicitationRequest{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestAskedAtTheTerminal goes all the way: a yes archives a goal as a human's wish.
func TestAskedAtTheTerminal(t *testing.T) {
	for typed, want := range map[string]string{"y\n": "archived", "n\n": "active"} {
		var shown bytes.Buffer
		a := &app{in: strings.NewReader(typed), err: &shown, log: safetest.Log(t, io.Discard).Logger}
		b, err := a.open(config.Backend{Engine: config.Engine{Demo: true}})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, b.close()) })
		b.confirm(config.Decisions{Confirm: string(gate.Ask)})
		s, err := a.connect(t.Context(), b, gate.Everything(tools.Catalog()), client.WithElicitationHandler(prompter{a}))
		require.NoError(t, err)
		var goal struct{ ID, Lifecycle string }
		require.NoError(t, callInto(t.Context(), s, "attrove_create_goal",
			map[string]any{"title": "Renew", "watch_scope": map[string]any{"keywords": []string{"renewal"}}}, &goal))
		arguments, err := json.Marshal(map[string]string{"goal_id": goal.ID, "reason": "Done with it."})
		require.NoError(t, err)
		_, err = s.call(t.Context(), "attrove_archive_goal", arguments)
		assert.Equal(t, want == "active", err != nil)
		assert.Contains(t, shown.String(), "Stop watching the goal “Renew” (active")
		require.NoError(t, callInto(t.Context(), s, "attrove_get_goal_status", map[string]string{"goal_id": goal.ID}, &goal))
		assert.Equal(t, want, goal.Lifecycle)
	}
}
