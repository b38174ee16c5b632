package loadtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Minimal is the least that whoever writes a server for the same tool with mcp-go
// gets: typed arguments and results with their schemas, both validated, the
// result as structured content and as text. It authenticates nobody and shows
// answers as they are.
func Minimal(upstream, user, key string) (http.Handler, error) {
	s := server.NewMCPServer("minimal", "1", server.WithInputSchemaValidation(), server.WithOutputSchemaValidation())
	in, err := schemaOf(attrove.MessagesIn{})
	if err != nil {
		return nil, err
	}
	out, err := schemaOf(attrove.Page[attrove.Message]{})
	if err != nil {
		return nil, err
	}
	tool := mcp.NewToolWithRawSchema(toolName, "List messages.", in)
	tool.RawOutputSchema = out
	client := newClient(maxCallers)
	s.AddTool(tool, mcp.NewTypedToolHandler(func(ctx context.Context, _ mcp.CallToolRequest, args attrove.MessagesIn) (*mcp.CallToolResult, error) {
		body, err := get(ctx, client, upstream+strings.ReplaceAll(messagesPath, "{user_id}", user)+"?"+query(args), key)
		if err != nil {
			return nil, err
		}
		var page attrove.Page[attrove.Message]
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		text, err := json.Marshal(page)
		if err != nil {
			return nil, fmt.Errorf("encode: %w", err)
		}
		return mcp.NewToolResultStructured(page, string(text)), nil
	}))
	return server.NewStreamableHTTPServer(s, server.WithStateLess(true), server.WithDisableStreaming(true)), nil
}

// Hop passes calls on to the upstream and does nothing else: the floor of
// whatever stands in between.
func Hop(upstream, key string) http.Handler {
	client := newClient(maxCallers)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := get(r.Context(), client, upstream+r.URL.RequestURI(), key)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body) // whoever hung up does not need it
	})
}

func query(args attrove.MessagesIn) string {
	values := url.Values{}
	if args.Limit > 0 {
		values.Set("limit", strconv.Itoa(args.Limit))
	}
	expand := make([]string, len(args.Expand))
	for i, part := range args.Expand {
		expand[i] = string(part)
	}
	if len(expand) > 0 {
		values.Set("expand", strings.Join(expand, ","))
	}
	return values.Encode()
}

func get(ctx context.Context, client *http.Client, target, key string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil) //nolint:gosec // whoever runs a load test says what
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := client.Do(req) //nolint:gosec // as above
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // it is read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return bytes.TrimSpace(body), nil
}

func schemaOf(v any) (json.RawMessage, error) {
	reflector := jsonschema.Reflector{Anonymous: true, DoNotReference: true, ExpandedStruct: true}
	s := reflector.Reflect(v)
	s.Version = ""
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return raw, nil
}
