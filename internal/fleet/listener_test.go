package fleet_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// listener is a client that keeps up with a goal, as the protocol has it: it
// listens, reads what it is told has changed, and when its stream ends it listens
// again and reads what it may have missed.
type listener struct {
	*caller
	uri     string
	reached string // the replica that the stream is from; the listener's lock guards it and what follows

	mu      sync.Mutex
	streams int // how many there were
	page    string
	seen    chan struct{} // closed and replaced when the page was read
}

// listen keeps up with a goal of who until the test ends.
func (f *fleet) listen(who attrove.Caller, goal string) *listener {
	f.Helper()
	l := &listener{caller: f.dial(who), uri: "attrove://goals/" + goal, seen: make(chan struct{})}
	told := make(chan struct{}, 1)
	l.OnNotification(func(n mcp.JSONRPCNotification) {
		if n.Method == "notifications/subscriptions/acknowledged" {
			l.mu.Lock()
			l.streams++
			l.reached = l.servedBy()
			l.mu.Unlock()
		}
		select {
		case told <- struct{}{}:
		default: // it will be read anyway
		}
	})
	ctx, cancel := context.WithCancel(f.Context())
	var running sync.WaitGroup
	f.Cleanup(func() {
		cancel()
		running.Wait()
	})
	running.Go(func() {
		for ctx.Err() == nil {
			_ = l.Listen(ctx, mcp.SubscriptionFilter{ResourceSubscriptions: []string{l.uri}}) // it ends with its replica
			pause(ctx, 20*time.Millisecond)
		}
	})
	reader := f.dial(who)
	running.Go(func() {
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-told:
				l.look(ctx, reader)
			}
		}
	})
	return l
}

// look reads the page, as often as it takes.
func (l *listener) look(ctx context.Context, c *caller) {
	for ctx.Err() == nil {
		page, err := c.read(ctx, l.uri)
		if err != nil {
			pause(ctx, 20*time.Millisecond)
			continue
		}
		l.mu.Lock()
		l.page = page
		close(l.seen)
		l.seen = make(chan struct{})
		l.mu.Unlock()
		return
	}
}

// from is the replica that the stream comes from, and how many streams there were.
func (l *listener) from() (replica string, streams int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reached, l.streams
}

// sees waits until text stands in the page, and returns how long after began.
func (l *listener) sees(text string, began time.Time) time.Duration {
	l.Helper()
	late := time.After(patience)
	for {
		l.mu.Lock()
		page, seen := l.page, l.seen
		l.mu.Unlock()
		if strings.Contains(page, text) {
			return time.Since(began)
		}
		select {
		case <-seen:
		case <-late:
			require.Fail(l, "does not hear", "of %q: %.300s", text, page)
		}
	}
}

// settled waits until a goal has been evaluated and its stream is there.
func (l *listener) settled(f *fleet, who attrove.Caller, goal string) {
	f.Helper()
	require.Eventually(f, func() bool {
		_, streams := l.from()
		return streams > 0 && do(f, attrove.GetGoal, who, attrove.GoalRef{GoalID: goal}).LastEvaluatedAt != nil
	}, patience, 10*time.Millisecond)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
