package local

import (
	"context"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

func search(ctx context.Context, who Caller, in attrove.SearchIn) (attrove.SearchOut, error) {
	return who.core.index.Search(ctx, who.User, in, who.Now)
}

func query(ctx context.Context, who Caller, in attrove.QueryIn) (attrove.QueryOut, error) {
	who, err := who.withPersons(ctx)
	if err != nil {
		return attrove.QueryOut{}, err
	}
	return who.core.answerer.Query(ctx, who.User, in, who.Now)
}
