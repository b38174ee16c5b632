package mcpserver

import (
	"context"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// progressEvery is how often a long call says that it goes on.
const progressEvery = 5 * time.Second

// goingOn tells a client that asked for progress that its call goes on, until
// stop. How far it is nobody knows: what counts up is the seconds. Nothing is told
// just before the answer, where mcp-go may lose it.
func goingOn(ctx context.Context, meta *mcp.Meta, every time.Duration) (stop func()) {
	if meta == nil || meta.ProgressToken == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for start := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				// Whoever is gone, or reads too slowly, does without.
				_ = server.ServerFromContext(ctx).SendNotificationToClient(ctx, "notifications/progress", map[string]any{
					"progressToken": meta.ProgressToken, "progress": now.Sub(start).Seconds(), "message": "waiting for the answer",
				})
			}
		}
	})
	return func() {
		cancel()
		telling.Wait()
	}
}
