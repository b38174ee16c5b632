package transport_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	clienttransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// product is what attrove-mcp http serves: everything that there is, and what
// answers most requests before it.
type product struct {
	server *server.MCPServer
	direct *mcpserver.Direct
}

// newProduct is the product in front of up.
func newProduct(tb testing.TB, up *attrovetest.Upstream) product {
	tb.Helper()
	logs := safetest.Log(tb, io.Discard, planted()...)
	c := up.Client(tb, logs)
	return newProductOf(tb, c, resources.Env{Client: c}, logs.Logger)
}

// newProductOf is the product in front of what c reaches.
func newProductOf(tb testing.TB, c *attrove.Client, env resources.Env, log zerolog.Logger) product {
	tb.Helper()
	s, direct, err := mcpserver.NewHTTP(mcpserver.Options{
		Gate:      gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c}, transport.RequestCaller),
		Resources: env, Prompts: prompts.Env{Client: c}, Version: "v0", Log: log, Progress: time.Millisecond,
	})
	require.NoError(tb, err)
	return product{s, direct}
}

// listen serves the product as the func of that name does.
func (p product) listen(t *testing.T, o transport.HTTPOptions) (base string, stop func() error) {
	t.Helper()
	o.Direct = p.direct
	return listen(t, p.server, o)
}

// listen serves on a free port until the test ends, and returns the base URL
// and a func that stops it and returns what ServeHTTP said.
func listen(t *testing.T, s *server.MCPServer, o transport.HTTPOptions) (base string, stop func() error) {
	t.Helper()
	o.Log = watched(t, io.Discard)
	listener, err := transport.Bind(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- transport.ServeHTTP(ctx, listener, s, o) }()
	stop = sync.OnceValue(func() error {
		http.DefaultClient.CloseIdleConnections() // a server waits 5 s for those that never sent anything
		cancel()
		return <-served
	})
	t.Cleanup(func() { assert.NoError(t, stop()) })
	return "http://" + listener.Addr().String(), stop
}

func keyed(t *testing.T, up *attrovetest.Upstream) (base string, stop func() error) {
	t.Helper()
	return newProduct(t, up).listen(t, transport.HTTPOptions{})
}

func headers(user, key string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + key, transport.UserHeader: user}
}

func dial(t *testing.T, base string, era client.ClientOption, h map[string]string) *client.Client {
	t.Helper()
	over, err := clienttransport.NewStreamableHTTP(base+transport.Path, clienttransport.WithHTTPHeaders(h), clienttransport.WithHTTPBasicClient(overheard(t)))
	require.NoError(t, err)
	c := client.NewClient(over, era)
	require.NoError(t, c.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	_, err = c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	return c
}
