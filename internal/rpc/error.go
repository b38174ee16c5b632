package rpc

import "encoding/json"

// The codes of JSON-RPC 2.0, section 5.1, and of the MCP specification
// (2026-07-28, basic, error codes).
const (
	ParseError         = -32700
	InvalidRequest     = -32600
	MethodNotFound     = -32601
	InvalidParams      = -32602
	HeaderMismatch     = -32020
	UnsupportedVersion = -32022
)

// MetaVersion is the member of _meta that states the protocol version.
const MetaVersion = "io.modelcontextprotocol/protocolVersion"

// Error is why a message is not served, in words for whoever wrote the client.
type Error struct {
	Code    int       `json:"code"`
	Message string    `json:"message"`
	Data    *Versions `json:"data,omitempty"`
}

// Versions is what an error of code UnsupportedVersion tells.
type Versions struct {
	Supported []string `json:"supported"` // newest first
	Requested string   `json:"requested"`
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Answer is the error as a response to the request of that id; nil where it
// could not be read, for MCP has no null ids.
func (e *Error) Answer(id json.RawMessage) ([]byte, error) {
	return json.Marshal(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id,omitempty"`
		Error   *Error          `json:"error"`
	}{"2.0", id, e})
}

func invalidRequest(message string) *Error { return &Error{Code: InvalidRequest, Message: message} }
