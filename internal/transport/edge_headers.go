package transport

import (
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/attrove/attrove-mcp/internal/rpc"
)

// checkHeaders compares a message with the headers that mirror it, so that nobody
// between client and server decides by other values than the server (MCP
// 2026-07-28, streamable HTTP, server validation).
func checkHeaders(h http.Header, m *rpc.Message) error {
	for _, name := range []string{mcp.HeaderProtocolVersion, mcp.HeaderMethod, mcp.HeaderName} {
		values := h.Values(name)
		if len(values) > 1 || len(values) == 1 && !printable(values[0]) {
			return mismatch(name + " must be sent once, in visible ASCII characters")
		}
	}
	version := h.Get(mcp.HeaderProtocolVersion)
	if m.Method != "" && h.Get(mcp.HeaderMethod) != "" && h.Get(mcp.HeaderMethod) != m.Method {
		return mismatch(mcp.HeaderMethod + " is not the method of the message")
	}
	if mcp.IsModernProtocol(version) || mcp.IsModernProtocol(m.Version) {
		h.Del(mcp.HeaderLastEventID) // to be ignored: streams are not resumed
		return checkModern(h, m, version)
	}
	// A version is agreed on by initialize itself. Clients of 2025-03-26 and before
	// send no header.
	if version != "" && m.Method != string(mcp.MethodInitialize) && !mcp.IsValidProtocolVersion(version) {
		return unsupported(version)
	}
	return nil
}

func checkModern(h http.Header, m *rpc.Message, version string) error {
	switch {
	case m.Response():
		return &rpc.Error{Code: rpc.InvalidRequest, Message: "clients send no responses in this protocol version"}
	case m.Notification(): // header requirements are not defined
		if version != "" && !mcp.IsValidProtocolVersion(version) {
			return unsupported(version)
		}
		return nil
	case version == "":
		return mismatch(mcp.HeaderProtocolVersion + " is missing")
	case m.Version == "":
		return &rpc.Error{Code: rpc.InvalidParams, Message: "params._meta has no " + rpc.MetaVersion}
	case version != m.Version:
		return mismatch(mcp.HeaderProtocolVersion + " is not the version that params._meta states")
	case !mcp.IsValidProtocolVersion(version):
		return unsupported(version)
	case h.Get(mcp.HeaderMethod) == "":
		return mismatch(mcp.HeaderMethod + " is missing")
	case !mcp.MethodRequiresNameHeader(mcp.MCPMethod(m.Method)):
		return nil
	}
	about := m.Name
	if m.Method == string(mcp.MethodResourcesRead) {
		about = m.URI
	}
	switch name, ok := mcp.DecodeHeaderValue(h.Get(mcp.HeaderName)); {
	case !ok:
		return mismatch(mcp.HeaderName + " is not valid Base64")
	case name == "":
		return mismatch(mcp.HeaderName + " is missing")
	case name != about:
		return mismatch(mcp.HeaderName + " is not what the message is about")
	}
	return nil
}

// printable reports whether a header holds nothing but what RFC 9110, section 5.5,
// lets new headers hold.
func printable(value string) bool {
	return strings.IndexFunc(value, func(c rune) bool { return c != '\t' && (c < ' ' || c > '~') }) < 0
}

func mismatch(message string) *rpc.Error {
	return &rpc.Error{Code: rpc.HeaderMismatch, Message: "header mismatch: " + message}
}

func unsupported(version string) *rpc.Error {
	return &rpc.Error{
		Code: rpc.UnsupportedVersion, Message: "unsupported protocol version",
		Data: &rpc.Versions{Supported: mcp.ValidProtocolVersions, Requested: version},
	}
}
