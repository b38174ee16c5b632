package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	clienttransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

func eras() map[string]client.ClientOption {
	return map[string]client.ClientOption{
		"legacy": client.WithProtocolVersion(mcp.LATEST_LEGACY_PROTOCOL_VERSION),
		"modern": client.WithProtocolVersion(mcp.ProtocolVersion20260728),
	}
}

// newServer is a server in front of up.
func newServer(t *testing.T, up *attrovetest.Upstream, caller gate.CallerSource) *server.MCPServer {
	t.Helper()
	logs := log(t, io.Discard)
	c := up.Client(t, logs)
	s, err := mcpserver.New(mcpserver.Options{
		Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c}, caller), Resources: resources.Env{Client: c}, Version: "v0", Log: logs.Logger,
	})
	require.NoError(t, err)
	return s
}

func local(context.Context) (attrove.Caller, error) {
	return attrove.Caller{UserID: "user", Key: "sk_local"}, nil
}

// echo answers a query with the question.
func echo(w http.ResponseWriter, r *http.Request) {
	var in attrove.QueryIn
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_ = json.NewEncoder(w).Encode(attrove.QueryOut{Answer: attrove.ForeignText(in.Query)})
}

func ask(ctx context.Context, c *client.Client, question string) (string, error) {
	var req mcp.CallToolRequest
	req.Params.Name = "attrove_query"
	req.Params.Arguments = map[string]string{"query": question}
	result, err := c.CallTool(ctx, req)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(result.StructuredContent)
	return string(raw), err
}

// askMany asks from n goroutines at once: each must get its own answer.
func askMany(t *testing.T, c *client.Client, n int) {
	t.Helper()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			question := fmt.Sprintf("question %d", i)
			answer, err := ask(t.Context(), c, question)
			assert.Contains(t, answer, `"answer":"`+question+`"`, err)
		})
	}
	all.Wait()
}

func TestStdioInBothEras(t *testing.T) {
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			toServer, fromClient := io.Pipe()
			toClient, fromServer := io.Pipe()
			served := make(chan error, 1)
			s := newServer(t, &attrovetest.Upstream{Answer: echo}, local)
			go func() {
				served <- transport.ServeStdio(t.Context(), s, toServer, fromServer, watched(t, io.Discard))
			}()
			c := client.NewClient(clienttransport.NewIO(tee(t, toClient), fromClient, io.NopCloser(strings.NewReader(""))), option)
			require.NoError(t, c.Start(t.Context()))
			hello, err := c.Initialize(t.Context(), mcp.InitializeRequest{})
			require.NoError(t, err)
			assert.Equal(t, era == "modern", hello.ProtocolVersion == mcp.ProtocolVersion20260728)
			list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			assert.Len(t, list.Tools, len(tools.Catalog()))
			askMany(t, c, 64)

			require.NoError(t, fromClient.Close())
			require.NoError(t, <-served, "the end of input is success")
			require.NoError(t, fromServer.Close())
		})
	}
}

const hello = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}` + "\n" +
	`{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n"

func query(id, question string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"` + question + `"}}}`
}

// TestEndOfInputWaitsForAnswers is what `printf ... | attrove-mcp stdio` needs.
func TestEndOfInputWaitsForAnswers(t *testing.T) {
	release := make(chan struct{})
	var asked sync.WaitGroup
	asked.Add(3)
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		asked.Done()
		<-release
		echo(w, r)
	}}
	input := hello + query("1.0", "one") + "\r\n\n" + query(`"two"`, "two") + "\nnot json\n" +
		query("3", "three") // without its line end
	var out bytes.Buffer
	served := make(chan error, 1)
	s := newServer(t, up, local)
	go func() {
		served <- transport.ServeStdio(t.Context(), s, strings.NewReader(input), io.MultiWriter(&out, safetest.Watch(t, planted()...)), watched(t, io.Discard))
	}()
	asked.Wait() // all are in progress, and the input has ended or is about to
	select {
	case err := <-served:
		require.Fail(t, "the server ended before its answers", "%v", err)
	case <-time.After(50 * time.Millisecond): // it may only be slow: then this proves nothing, and fails nothing
	}
	close(release)
	require.NoError(t, <-served)
	for _, want := range []string{`"id":0`, `"id":1,`, `"id":"two"`, `"id":3,`, `"answer":"one"`, `"answer":"two"`, `"answer":"three"`, `-32700`} {
		assert.Contains(t, out.String(), want)
	}
	assert.Equal(t, 1, strings.Count(out.String(), "-32700"), "an empty line is no message")
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		assert.True(t, json.Valid([]byte(line)), line)
	}
}

// TestListeningDoesNotHoldUpTheEnd: a stream of notifications has no answer to
// wait for.
func TestListeningDoesNotHoldUpTheEnd(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}`
	input := `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},` + meta + "}}\n" +
		`{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{` + meta + "}}\n"
	var out bytes.Buffer
	require.NoError(t, transport.ServeStdio(t.Context(), newServer(t, &attrovetest.Upstream{}, local), strings.NewReader(input), io.MultiWriter(&out, safetest.Watch(t, planted()...)), watched(t, io.Discard)))
	assert.Contains(t, out.String(), `"id":2,`)
}

func TestStdioEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe() // never ends
	served := make(chan error, 1)
	s := newServer(t, &attrovetest.Upstream{}, local)
	go func() {
		served <- transport.ServeStdio(ctx, s, in, io.Discard, watched(t, io.Discard))
	}()
	cancel()
	require.NoError(t, <-served, "a signal is success")
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAClientThatIsGoneEndsTheServer(t *testing.T) {
	var logs bytes.Buffer
	input := hello + query("1", "planted-question") + "\n"
	err := transport.ServeStdio(t.Context(), newServer(t, &attrovetest.Upstream{Answer: echo}, local), strings.NewReader(input), brokenWriter{}, watched(t, &logs))
	require.NoError(t, err)
	assert.NotContains(t, logs.String(), "planted")
}
