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
	Engine  bool          // the upstream is the embedded engine with its sample, not a stand-in that answers 4 KB
	Modern  bool          // calls are of the protocol of 2026-07-28, not of 2025-11-25
	Env     []string      // of the product, besides this process's own
}

// Open starts the servers. Close ends them.
func Open(ctx context.Context, s Setting) (*Scene, error) {
	scene := &Scene{}
	upstream, who, err := scene.upstream(ctx, s)
	if err != nil {
		return nil, err
	}
	base := who.base
	minimal, err := scene.helper(ctx, s, "minimal", "--upstream="+base, "--user="+who.user, "--key="+who.key)
	if err != nil {
		return nil, err
	}
	hop, err := scene.helper(ctx, s, "hop", "--upstream="+base, "--key="+who.key)
	if err != nil {
		return nil, err
	}
	const endpoint = "MCP endpoint"
	product, err := Start(ctx, []string{endpoint}, append(s.Env, "ATTROVE_BASE_URL="+base), s.Product, "http", "--listen=127.0.0.1:0",
		"--caller-rate=1000000", "--caller-burst=1000000", "--max-calls-per-caller=0") // limits are counted, and not reached
	if err != nil {
		scene.Close()
		return nil, err
	}
	scene.processes = append(scene.processes, product)
	scene.Minimal = call(s.Modern, minimal.Said(listening)+"/mcp", minimal)
	scene.Minimal.Name = "mcp-go, minimal"
	scene.Product = call(s.Modern, product.Said(endpoint), product)
	scene.Product.Name = "attrove-mcp"
	path := strings.ReplaceAll(messagesPath, "{user_id}", who.user) + "?expand=body_text&limit=8"
	scene.Direct = Target{Name: "direct", Method: http.MethodGet, URL: base + path, Header: http.Header{}, Answers: `"msg_`, Server: upstream}
	if s.Engine { // which has one user
		for _, t := range []*Target{&scene.Minimal, &scene.Product, &scene.Direct} {
			t.Header.Set("Authorization", "Bearer "+who.key)
			t.Header.Set(userHeader, who.user)
		}
	}
	scene.Hop = scene.Direct
	scene.Hop.Name, scene.Hop.URL, scene.Hop.Server = "one more hop", hop.Said(listening)+path, hop
	return scene, nil
}

// account is where an upstream is, and whose calls it takes.
type account struct{ base, user, key string }

func (s *Scene) upstream(ctx context.Context, setting Setting) (*Process, account, error) {
	if !setting.Engine {
		p, err := s.helper(ctx, setting, "upstream", "--delay="+setting.Delay.String())
		if err != nil {
			return nil, account{}, err
		}
		return p, account{p.Said(listening), "usr_loadtest", "sk_loadtest"}, nil
	}
	const base, user, key = "ATTROVE_BASE_URL", "ATTROVE_USER_ID", "ATTROVE_SECRET_KEY"
	p, err := Start(ctx, []string{base, user, key}, nil, setting.Product, "api", "--demo", "--listen=127.0.0.1:0")
	if err != nil {
		return nil, account{}, err
	}
	s.processes = append(s.processes, p)
	return p, account{p.Said(base), p.Said(user), p.Said(key)}, nil
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
