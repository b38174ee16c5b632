package local

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// threadRoutes registers the operations on threads (contract section 9).
func threadRoutes(r *Router) {
	Handle(r, attrove.DiscoverThreads, discoverThreads)
	Handle(r, attrove.AnalyzeThread, analyzeThread)
	Handle(r, attrove.ListThreadMessages, listThreadMessages)
}

func discoverThreads(ctx context.Context, who Caller, in attrove.DiscoverThreadsIn) (attrove.Page[attrove.ThreadSummary], error) {
	who, err := who.withPersons(ctx)
	if err != nil {
		return attrove.Page[attrove.ThreadSummary]{}, err
	}
	return who.core.threads.Discover(ctx, who.User, in, who.Now)
}

func analyzeThread(ctx context.Context, who Caller, in attrove.AnalyzeThreadIn) (attrove.ThreadAnalysis, error) {
	who, err := who.withPersons(ctx)
	if err != nil {
		return attrove.ThreadAnalysis{}, err
	}
	out, err := who.core.threads.Analyze(ctx, who.User, in, who.Now)
	if errors.Is(err, store.ErrNotFound) {
		return out, notFound("conversation or thread")
	}
	return out, err
}
