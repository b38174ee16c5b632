// Package rpc reads JSON-RPC messages as MCP has them, once and strictly: what
// two readers could understand differently is refused.
package rpc

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// The bounds of a message. None is near what clients send.
const (
	maxDepth   = 128     // of arrays and objects within each other
	maxMembers = 64      // of the message, of its params and of their _meta
	maxID      = 1 << 10 // bytes of an id, which every answer repeats
)

// Message is a request, a notification or a response, read and checked. Its
// slices are parts of Body and must not be changed.
type Message struct {
	ID        json.RawMessage // a string or an integer; nil for a notification
	Method    string          // empty for a response
	Params    json.RawMessage // an object, or nil
	Name      string          // the params' name, if that is a string
	URI       string          // the params' uri, if that is a string
	Arguments json.RawMessage // the params' arguments of whatever type, or nil
	Meta      json.RawMessage // the params' _meta, an object, or nil
	Version   string          // the protocol version that _meta states, if it does
	Body      []byte          // all of it
}

// Response reports whether the message answers a request of the server's.
func (m *Message) Response() bool { return m.Method == "" }

// Notification reports whether the message wants no answer.
func (m *Message) Notification() bool { return m.Method != "" && m.ID == nil }

type contextKey struct{}

// WithMessage returns a context that carries the message which is being handled.
func WithMessage(ctx context.Context, m *Message) context.Context {
	return context.WithValue(ctx, contextKey{}, m)
}

// MessageFrom is the message that is being handled under ctx, nil when none is.
func MessageFrom(ctx context.Context) *Message {
	m, _ := ctx.Value(contextKey{}).(*Message)
	return m
}

// Read reads one message. What is wrong with body is an *Error. The message is
// there even then, with what could be read, such as the id to answer to.
func Read(body []byte) (*Message, error) {
	m := &Message{Body: body}
	switch {
	case !utf8.Valid(body): // RFC 8259, section 8.1
		return m, &Error{Code: ParseError, Message: "the message is not valid UTF-8"}
	case tooDeep(body):
		return m, invalidRequest("the message is nested deeper than " + strconv.Itoa(maxDepth) + " levels")
	case !json.Valid(body):
		return m, &Error{Code: ParseError, Message: "the message is not valid JSON"}
	}
	text := string(body)
	whole := gjson.Parse(text)
	switch {
	case whole.IsArray():
		return m, invalidRequest("batches are not served; send each message by itself")
	case !whole.IsObject():
		return m, invalidRequest("a message is a JSON object")
	}
	return m, m.read(whole)
}

// read reads the members of the message. The id comes first: errors repeat it.
func (m *Message) read(whole gjson.Result) error {
	var version, id, method, params gjson.Result
	answers := false
	err := members(whole, "the message", []string{"jsonrpc", "id", "method", "params", "result", "error"}, func(name string, v gjson.Result) {
		switch name {
		case "jsonrpc":
			version = v
		case "id":
			id = v
		case "method":
			method = v
		case "params":
			params = v
		default:
			answers = true
		}
	})
	if err != nil {
		return err
	}
	if err := m.readID(id); err != nil {
		return err
	}
	switch {
	case version.Type != gjson.String || version.Str != "2.0":
		return invalidRequest(`jsonrpc must be "2.0"`)
	case method.Exists() && (method.Type != gjson.String || method.Str == ""):
		return invalidRequest("method must be a string that is not empty")
	case method.Exists() && answers:
		return invalidRequest("a message is a request or a response, not both")
	case !method.Exists() && (!answers || m.ID == nil):
		return invalidRequest("the message has no method")
	}
	m.Method = method.Str
	return m.readParams(params)
}

// readID takes strings and integers that every language's numbers hold (MCP:
// "Requests MUST include a string or integer ID").
func (m *Message) readID(id gjson.Result) error {
	switch {
	case !id.Exists():
		return nil
	case len(id.Raw) > maxID:
		return invalidRequest("the id is longer than " + strconv.Itoa(maxID) + " bytes")
	case id.Type == gjson.String:
	case id.Type == gjson.Number && id.Num == math.Trunc(id.Num) && math.Abs(id.Num) < 1<<53:
	default:
		return invalidRequest("the id must be a string or an integer within ±2^53")
	}
	m.ID = m.slice(id)
	return nil
}

func (m *Message) readParams(params gjson.Result) error {
	if !params.Exists() || params.Type == gjson.Null {
		return nil
	}
	if !params.IsObject() {
		return &Error{Code: InvalidParams, Message: "params must be an object"}
	}
	m.Params = m.slice(params)
	var meta gjson.Result
	err := members(params, "params", []string{"name", "uri", "arguments", "_meta"}, func(member string, v gjson.Result) {
		switch member {
		case "name":
			m.Name = v.Str
		case "uri":
			m.URI = v.Str
		case "arguments":
			m.Arguments = m.slice(v)
		case "_meta":
			meta = v
		}
	})
	if err != nil {
		return err
	}
	switch {
	case !meta.Exists() || meta.Type == gjson.Null:
		return nil
	case !meta.IsObject():
		return &Error{Code: InvalidParams, Message: "params._meta must be an object"}
	}
	m.Meta = m.slice(meta)
	return members(meta, "params._meta", []string{MetaVersion}, func(_ string, v gjson.Result) { m.Version = v.Str })
}

// slice is the part of the body that v was read from.
func (m *Message) slice(v gjson.Result) json.RawMessage {
	return m.Body[v.Index : v.Index+len(v.Raw) : v.Index+len(v.Raw)]
}

// members reads those members of an object that are known. Two of one name, and
// another spelling of a known one, are refused: encoding/json would take the last,
// whatever its letters' case, where a proxy may take the first.
func members(object gjson.Result, what string, known []string, read func(name string, value gjson.Result)) error {
	var seen [maxMembers]string
	var wrong error
	n := 0
	object.ForEach(func(key, value gjson.Result) bool {
		if n == maxMembers {
			wrong = invalidRequest(what + " has more than " + strconv.Itoa(maxMembers) + " members")
			return false
		}
		for _, name := range seen[:n] {
			if strings.EqualFold(name, key.Str) {
				wrong = invalidRequest(what + " has two members of one name")
				return false
			}
		}
		seen[n] = key.Str
		n++
		for _, name := range known {
			switch {
			case name == key.Str:
				read(name, value)
			case strings.EqualFold(name, key.Str):
				wrong = invalidRequest(what + " has a member that must be spelled " + name)
				return false
			}
		}
		return true
	})
	return wrong
}

// tooDeep looks for nesting without building anything. In what is not JSON it may
// err on either side: that is refused anyway.
func tooDeep(body []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++ // whatever is escaped
		case quoted:
		case c == '{', c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return false
}
