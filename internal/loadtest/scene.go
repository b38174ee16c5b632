package loadtest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// What the calls are.
const (
	toolName  = "attrove_messages"
	arguments = `{"limit":8,"expand":["body_text"]}`
	user      = "usr_loadtest"
	key       = "sk_loadtest"
)

// Scene is the servers of a comparison, each in its own process.
type Scene struct {
	Minimal, Product, Direct, Hop Target
	processes                     []*Process
}

// Setting says which servers there are.
type Setting struct {
	Product string        // the binary of attrove-mcp
	Helper  string        // the binary of this package's command
	Delay   time.Duration // of the upstream's answers
	Modern  bool          // calls are of the protocol of 2026-07-28, not of 2025-11-25
	Env     []string      // of the product, besides this process's own
}

// Open starts the servers. Close ends them.
func Open(ctx context.Context, s Setting) (*Scene, error) {
	scene := &Scene{}
	upstream, err := scene.helper(ctx, s, "upstream", "--delay="+s.Delay.String())
	if err != nil {
		return nil, err
	}
	base := upstream.Said(listening)
	minimal, err := scene.helper(ctx, s, "minimal", "--upstream="+base)
	if err != nil {
		return nil, err
	}
	hop, err := scene.helper(ctx, s, "hop", "--upstream="+base)
	if err != nil {
		return nil, err
	}
	const endpoint = "MCP endpoint"
	product, err := Start(ctx, []string{endpoint}, append(s.Env, "ATTROVE_BASE_URL="+base), s.Product, "http", "--listen=127.0.0.1:0",
		"--caller-rate=1000000", "--caller-burst=1000000") // limits are counted, and not reached
	if err != nil {
		scene.Close()
		return nil, err
	}
	scene.processes = append(scene.processes, product)
	scene.Minimal = call(s.Modern, minimal.Said(listening)+"/mcp", minimal)
	scene.Minimal.Name = "mcp-go, minimal"
	scene.Product = call(s.Modern, product.Said(endpoint), product)
	scene.Product.Name = "attrove-mcp"
	path := strings.ReplaceAll(messagesPath, "{user_id}", user) + "?expand=body_text&limit=8"
	scene.Direct = Target{Name: "direct", Method: http.MethodGet, URL: base + path, Header: http.Header{}, Answers: `"msg_`, Server: upstream}
	scene.Hop = scene.Direct
	scene.Hop.Name, scene.Hop.URL, scene.Hop.Server = "one more hop", hop.Said(listening)+path, hop
	return scene, nil
}

// listening is what the helpers say once they serve.
const listening = "listening"

func (s *Scene) helper(ctx context.Context, setting Setting, args ...string) (*Process, error) {
	p, err := Start(ctx, []string{listening}, nil, setting.Helper, args...)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.processes = append(s.processes, p)
	return p, nil
}

// Close ends the servers.
func (s *Scene) Close() {
	for _, p := range s.processes {
		p.Stop()
	}
}

// call is a tools/call in the form of one era of the protocol.
func call(modern bool, address string, server *Process) Target {
	t := request(modern, "tools/call", toolName, fmt.Sprintf(`"name":%q,"arguments":%s`, toolName, arguments))
	t.URL, t.Server, t.Answers = address, server, `"structuredContent":{"data":[{`
	return t
}

// request is a request in the form of one era of the protocol, about name.
func request(modern bool, method, name, params string) Target {
	t := Target{Method: http.MethodPost, Header: http.Header{"Accept": {"application/json, text/event-stream"}}}
	t.Header.Set("Content-Type", "application/json")
	if !modern {
		t.Header.Set(mcp.HeaderProtocolVersion, mcp.LATEST_LEGACY_PROTOCOL_VERSION)
	} else {
		t.Header.Set(mcp.HeaderProtocolVersion, mcp.ProtocolVersion20260728)
		t.Header.Set(mcp.HeaderMethod, method)
		if name != "" {
			t.Header.Set(mcp.HeaderName, name)
		}
		params += fmt.Sprintf(`,"_meta":{%q:%q,%q:{"elicitation":{}},%q:{"name":"loadtest","version":"1"}}`,
			mcp.MetaKeyProtocolVersion, mcp.ProtocolVersion20260728, mcp.MetaKeyClientCapabilities, mcp.MetaKeyClientInfo)
	}
	t.Body = fmt.Sprintf(`{"jsonrpc":"2.0","id":7,"method":%q,"params":{%s}}`, method, params)
	return t
}
