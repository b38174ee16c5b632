package mcpserver

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/tidwall/gjson"

	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/rpc"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Direct answers the two requests that nearly all are, without the decoding and
// encoding that mcp-go does several times over: tools/list, and calls of tools
// that only read. It answers as mcp-go would; whatever is unusual about a request
// it leaves to mcp-go.
type Direct struct {
	handler handler
	gate    *gate.Gate
	reads   map[string]bool // tools whose calls lead to no question
	listed  []listedTool    // in the catalogue's order
	legacy  dress
	modern  dress

	subscriptions *subscriptions
}

// listedTool is a tool as tools/list shows it.
type listedTool struct {
	name    string
	encoded json.RawMessage
}

// dress is what results carry in one era of the protocol besides their own.
type dress struct {
	list []byte // members of a list's result, each followed by a comma
	call []byte // the same of a call's
	meta []byte // members of a call's _meta
	all  []byte // the result of tools/list for whoever does not ask for less
}

// newDirect returns what answers as s does, which was built of the same options.
func newDirect(o Options, s *server.MCPServer, lib library) (*Direct, error) {
	d := &Direct{handler: newHandler(o), gate: o.Gate, reads: map[string]bool{}, subscriptions: &subscriptions{library: lib}}
	for _, t := range o.Gate.All() {
		described := describe(t)
		d.reads[t.Name()] = t.Hints().ReadOnly && t.Opens() == "" && len(mcp.ExtractParamHeaderBindings(&described)) == 0
	}
	if err := d.learn(s, &d.legacy, `{}`); err != nil {
		return nil, err
	}
	meta := fmt.Sprintf(`{"_meta":{%q:%q,%q:{}}}`, mcp.MetaKeyProtocolVersion, mcp.LATEST_PROTOCOL_VERSION, mcp.MetaKeyClientCapabilities)
	return d, d.learn(s, &d.modern, meta)
}

// learn has s list its tools for a client of one era, and takes from its answer
// how they are written.
func (d *Direct) learn(s *server.MCPServer, era *dress, params string) error {
	raw, err := json.Marshal(s.HandleMessage(context.Background(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":`+params+`}`)))
	if err != nil {
		return fmt.Errorf("list tools: %w", err)
	}
	var answer struct {
		Result struct {
			Tools      []json.RawMessage          `json:"tools"`
			Meta       map[string]json.RawMessage `json:"_meta"`
			ResultType string                     `json:"resultType"`
			TTL        json.RawMessage            `json:"ttlMs"`
			Scope      json.RawMessage            `json:"cacheScope"`
		} `json:"result"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("list tools: %w", err)
	}
	result := answer.Result
	d.listed = nil
	for _, tool := range result.Tools {
		d.listed = append(d.listed, listedTool{gjson.GetBytes(tool, "name").Str, tool})
	}
	if about, ok := result.Meta[mcp.MetaKeyServerInfo]; ok {
		era.meta = fmt.Appendf(nil, "%q:%s", mcp.MetaKeyServerInfo, about)
		era.call = fmt.Appendf(nil, `"resultType":%q,`, result.ResultType)
		era.list = fmt.Appendf(nil, `"_meta":{%s},%s"ttlMs":%s,"cacheScope":%s,`, era.meta, era.call, result.TTL, result.Scope)
	}
	era.all = d.list(context.Background(), era)
	return nil
}

// Before answers what it can, and passes the rest on to next. It relies on the
// message in the request's context, which the transport has read and checked.
func (d *Direct) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := rpc.MessageFrom(r.Context())
		if m == nil || !d.answer(w, r, m) {
			next.ServeHTTP(w, r)
		}
	})
}

// answer reports whether there is nothing more to do for a request.
func (d *Direct) answer(w http.ResponseWriter, r *http.Request, m *rpc.Message) (done bool) {
	method := mcp.MCPMethod(m.Method)
	if method != mcp.MethodToolsCall && method != mcp.MethodToolsList || !usual(m, "name", "arguments") {
		return false
	}
	era := &d.legacy
	if mcp.IsModernProtocol(m.Version) {
		era = &d.modern
	}
	var body []byte
	switch {
	case method == mcp.MethodToolsList && m.Name == "" && m.Arguments == nil:
		result := era.all
		if d.gate.Narrows(r.Context()) {
			result = d.list(r.Context(), era)
		}
		body = append(begin(m.ID, len(result)), result...)
	case method == mcp.MethodToolsCall && d.reads[m.Name]:
		result := d.handler.read(r.Context(), gate.Request{Tool: m.Name, Arguments: m.Arguments})
		body = era.encode(begin(m.ID, 3*len(result.Structured)), result)
	default:
		return false
	}
	if r.Context().Err() != nil {
		return true // whoever hung up needs no answer; of the rest the transport knows
	}
	body = append(body, '}', '\n')
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // whoever hung up does not need it
	return true
}

// usual reports whether a request's params hold only those members and a _meta: no
// token for progress, no answers to questions, no task.
func usual(m *rpc.Message, members ...string) bool {
	fine := m.ID != nil && plainNumbers(m.Params)
	gjson.ParseBytes(m.Params).ForEach(func(key, _ gjson.Result) bool {
		fine = fine && (key.Str == "_meta" || slices.Contains(members, key.Str))
		return fine
	})
	able := !mcp.IsModernProtocol(m.Version)
	gjson.ParseBytes(m.Meta).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "progressToken":
			fine = false
		case mcp.MetaKeyClientCapabilities: // they must be there, and be some
			able = able || value.IsObject() && json.Unmarshal([]byte(value.Raw), new(mcp.ClientCapabilities)) == nil
		}
		return fine
	})
	return fine && able
}

// plainNumbers reports whether raw holds only numbers that mcp-go reads: it makes
// a float64 of each, and refuses messages in which one is too large for that.
func plainNumbers(raw []byte) bool {
	quoted, digits := false, 0
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			quoted, digits = !quoted, 0
		case quoted:
			if c == '\\' {
				i++ // whatever is escaped
			}
		case c >= '0' && c <= '9':
			if digits++; digits > 300 {
				return false
			}
		case (c == 'e' || c == 'E') && digits > 0:
			return false
		default:
			digits = 0
		}
	}
	return true
}

// list is the result of tools/list for the request of ctx.
func (d *Direct) list(ctx context.Context, era *dress) []byte {
	out := append([]byte{'{'}, era.list...)
	out = append(out, `"tools":[`...)
	first := true
	for _, t := range d.listed {
		if !d.gate.On(ctx, t.name) {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(out, t.encoded...)
	}
	return append(out, `]}`...)
}

// begin is an answer up to its result, with room for one of so many bytes.
func begin(id json.RawMessage, size int) []byte {
	out := make([]byte, 0, len(id)+size+1<<10)
	out = append(out, `{"jsonrpc":"2.0","id":`...)
	out = append(out, id...)
	return append(out, `,"result":`...)
}

// encode appends the result of a call, as toMCP and mcp-go write it.
func (era *dress) encode(out []byte, r view.Result) []byte {
	out = append(append(out, '{'), era.call...)
	if marked := r.Foreign(); marked || len(era.meta) > 0 {
		out = append(out, `"_meta":{`...)
		if marked {
			out = append(out, `"`+untrustedMark+`":true`...)
			if len(era.meta) > 0 {
				out = append(out, ',')
			}
		}
		out = append(append(out, era.meta...), '}', ',')
	}
	if r.Failed() {
		out = append(out, `"isError":true,`...)
	}
	out = append(out, `"content":[{"type":"text","text":`...)
	out, _ = jsontext.AppendQuote(out, r.Text(rand.Text())) // what is no UTF-8 becomes U+FFFD
	out = append(out, `}],"structuredContent":`...)
	out = append(out, r.Structured...)
	return append(out, '}')
}
