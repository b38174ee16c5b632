package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/project"
)

// session calls tools as any MCP client does, within this process. What a
// command shows is then what an assistant gets.
type session struct{ client *client.Client }

func (a *app) connect(ctx context.Context, b *backend, inventory gate.Inventory, options ...client.ClientOption) (*session, error) {
	s, err := a.server(b, inventory, b.caller)
	if err != nil {
		return nil, err
	}
	c, err := client.NewInProcessClientWithOptions(s, options...)
	if err != nil {
		return nil, fmt.Errorf("connect in process: %w", err)
	}
	if err := c.Start(ctx); err != nil {
		return nil, fmt.Errorf("connect in process: %w", err)
	}
	var hello mcp.InitializeRequest
	hello.Params.ProtocolVersion = mcp.LATEST_PROTOCOL_VERSION
	hello.Params.ClientInfo = mcp.Implementation{Name: project.Name, Version: project.ThisBuild().Version}
	if _, err := c.Initialize(ctx, hello); err != nil {
		return nil, fmt.Errorf("initialize: %w", err)
	}
	return &session{client: c}, nil
}

// call calls a tool with arguments, a JSON object, and returns its
// structuredContent. A tool's own failure is a *toolError.
func (s *session) call(ctx context.Context, tool string, arguments json.RawMessage) (json.RawMessage, error) {
	var request mcp.CallToolRequest
	request.Params.Name = tool
	request.Params.Arguments = arguments
	result, err := s.client.CallTool(ctx, request)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("call %s: %w", tool, ctx.Err())
	case err != nil:
		return nil, fmt.Errorf("call %s: %w", tool, err)
	}
	if result.IsError {
		return result.RawStructuredContent, &toolError{tool: tool, content: result.RawStructuredContent}
	}
	return result.RawStructuredContent, nil
}

// callInto calls a tool and decodes its structuredContent into out.
func callInto[Args, Out any](ctx context.Context, s *session, tool string, args Args, out *Out) error {
	arguments, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("arguments of %s: %w", tool, err)
	}
	content, err := s.call(ctx, tool, arguments)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, out); err != nil {
		return fmt.Errorf("result of %s: %w", tool, err)
	}
	return nil
}

// toolError is a result that says that the tool failed.
type toolError struct {
	tool    string
	content json.RawMessage
}

// Error says what failed and what to do next.
func (e *toolError) Error() string {
	var body struct {
		Error struct{ Code, Message, Next string }
	}
	if err := json.Unmarshal(e.content, &body); err != nil || body.Error.Code == "" {
		return e.tool + " failed"
	}
	text := body.Error.Code + ": " + body.Error.Message
	if body.Error.Next != "" {
		text += "\n" + body.Error.Next
	}
	return text
}
