package local

import "github.com/attrove/attrove-mcp/internal/attrove"

// threadRoutes registers the operations on threads (contract section 9).
func threadRoutes(r *Router) {
	Handle(r, attrove.ListThreadMessages, listThreadMessages)
}
