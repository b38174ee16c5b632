package mcpserver

import (
	"context"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/telemetry"
)

// observe notes requests that are answered with an error of JSON-RPC.
func observe(hooks *server.Hooks) {
	hooks.AddOnError(func(ctx context.Context, _ any, _ mcp.MCPMethod, _ any, err error) {
		var wrong interface{ ToJSONRPCError() mcp.JSONRPCError }
		if errors.As(err, &wrong) {
			telemetry.OperationFrom(ctx).Refused(wrong.ToJSONRPCError().Error.Code)
		}
	})
}
