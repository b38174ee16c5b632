package fleet_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	clienttransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// caller is one MCP client.
type caller struct {
	*testing.T
	*client.Client
	over http.RoundTripper

	mu     sync.Mutex
	served string // the replica that answered last
}

// dial connects as who, in the protocol's newest version.
func (f *fleet) dial(who attrove.Caller) *caller {
	f.Helper()
	c := &caller{T: f.T, over: f.transport()}
	over, err := clienttransport.NewStreamableHTTP(f.url+transport.Path,
		clienttransport.WithHTTPHeaders(map[string]string{"Authorization": "Bearer " + who.Key.Reveal(), transport.UserHeader: who.UserID}),
		clienttransport.WithHTTPBasicClient(&http.Client{Transport: c}))
	require.NoError(f, err)
	c.Client = client.NewClient(over, client.WithProtocolVersion(mcp.ProtocolVersion20260728))
	require.NoError(f, c.Start(f.Context()))
	f.Cleanup(func() { assert.NoError(f, c.Close()) })
	_, err = c.Initialize(f.Context(), mcp.InitializeRequest{})
	require.NoError(f, err)
	return c
}

// RoundTrip notes which replica answered: the proxy says so.
func (c *caller) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := c.over.RoundTrip(r)
	if err == nil {
		c.mu.Lock()
		c.served = reply.Header.Get("X-Served-By")
		c.mu.Unlock()
	}
	return reply, err //nolint:wrapcheck // it is passed through
}

func (c *caller) servedBy() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.served
}

// call calls a tool once.
func (c *caller) call(ctx context.Context, tool string, arguments any) (*mcp.CallToolResult, error) {
	raw, err := json.Marshal(arguments)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tool, err)
	}
	var req mcp.CallToolRequest
	req.Params.Name, req.Params.Arguments = tool, json.RawMessage(raw)
	result, err := c.CallTool(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tool, err)
	}
	if result.IsError {
		return nil, fmt.Errorf("%s: %v", tool, result.Content)
	}
	return result, nil
}

// must calls a tool that has to succeed.
func (c *caller) must(tool string, arguments any) {
	c.Helper()
	_, err := c.call(c.Context(), tool, arguments)
	require.NoError(c, err)
}

// read is the text of a resource.
func (c *caller) read(ctx context.Context, uri string) (string, error) {
	var req mcp.ReadResourceRequest
	req.Params.URI = uri
	result, err := c.ReadResource(ctx, req)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", uri, err)
	}
	text, ok := result.Contents[0].(mcp.TextResourceContents)
	if !ok {
		return "", fmt.Errorf("read %s: %T", uri, result.Contents[0])
	}
	return text.Text, nil
}
