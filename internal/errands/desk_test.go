package errands_test

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/safe"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/tools"
)

// What no result may ever show.
const (
	plantedKey    = "sk_plantedkey0000000000000000000000000000"
	plantedSecret = "planted-partner-secret"
)

// today is a Wednesday, ten o'clock where the sample's user is.
func today() time.Time { return time.Date(2026, time.November, 18, 15, 0, 0, 0, time.UTC) }

// desk is an assistant at work for the sample's user.
type desk struct {
	*testing.T
	engine *local.Engine
	api    *attrove.Client
	me     attrove.Caller
	mcp    *client.Client
	human  *human
	shown  io.Writer // all results
}

// human says no to whatever they are asked.
type human struct{ asked []string }

func (h *human) Elicit(_ context.Context, q mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	h.asked = append(h.asked, q.Params.Message)
	return &mcp.ElicitationResult{ElicitationResponse: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}, nil
}

func openDesk(t *testing.T) desk {
	t.Helper()
	logs := safetest.Log(t, io.Discard, plantedKey, plantedSecret)
	engine := local.New(local.Options{Now: today, Me: sample.Me(), Name: sample.User().Name, Timezone: sample.User().Timezone,
		Log: logs.Logger, Sample: sample.Load, SampleGoals: sample.Goals, LocalKey: plantedKey,
		ClientID: "partner", ClientSecret: plantedSecret, PublicURL: "http://localhost:1", WebhookTargets: webhooks.Any})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	api, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: logs.Between(t, engine.Transport()), Ours: true,
		ClientID: "partner", ClientSecret: plantedSecret})
	require.NoError(t, err)
	me, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)
	env := tools.Env{Client: api, Now: today, Safe: safe.New(filepath.Join(t.TempDir(), "secrets.jsonl"))}
	inventory, err := gate.Select(tools.Catalog(), gate.Selection{}) // as most users have it
	require.NoError(t, err)
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(inventory, env, engine.LocalCaller), Log: logs.Logger})
	require.NoError(t, err)
	h := &human{}
	c, err := client.NewInProcessClientWithOptions(s, client.WithProtocolVersion(mcp.ProtocolVersion20260728), client.WithElicitationHandler(h))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	require.NoError(t, c.Start(t.Context()))
	_, err = c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	return desk{t, engine, api, me, c, h, safetest.Watch(t, plantedKey, plantedSecret)}
}

// call calls a tool as a client does.
func (d desk) call(tool, args string) *mcp.CallToolResult {
	d.Helper()
	var req mcp.CallToolRequest
	req.Params.Name, req.Params.Arguments = tool, json.RawMessage(args)
	result, err := d.mcp.CallTool(d.Context(), req)
	require.NoError(d, err, tool)
	_, err = d.shown.Write(result.RawStructuredContent)
	require.NoError(d, err)
	return result
}

// good calls a tool that must succeed, and waits until what it brought is read.
func (d desk) good(tool, args string) json.RawMessage {
	d.Helper()
	result := d.call(tool, args)
	require.False(d, result.IsError, "%s %s: %s", tool, args, result.RawStructuredContent)
	require.NoError(d, d.engine.Drain(d.Context()))
	return result.RawStructuredContent
}

// ask calls an operation past the server.
func ask[In, Out any](d desk, op attrove.Operation[In, Out], in In) Out {
	d.Helper()
	reply, err := op.Call(d.Context(), d.api, d.me, in)
	require.NoError(d, err)
	out, err := reply.Value()
	require.NoError(d, err)
	return out
}
