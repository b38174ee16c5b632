package local

import (
	"context"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/index"
)

func search(ctx context.Context, who Caller, in attrove.SearchIn) (attrove.SearchOut, error) {
	return index.New(who.core.store).Search(ctx, who.User, in, who.Now)
}

func query(ctx context.Context, who Caller, in attrove.QueryIn) (attrove.QueryOut, error) {
	s := who.core.store
	return answer.New(s, index.New(s)).Query(ctx, who.User, in, who.Now)
}
