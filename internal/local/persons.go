package local

import (
	"context"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// persons tells who is one person when somebody asks, and not while mail comes
// in. Where that takes long it is not done anew for each that asks.
type persons struct {
	mu   sync.Mutex
	done map[string]resolution // by user
}

// resolution is how long it took, and when it was over.
type resolution struct {
	at   time.Time
	took time.Duration
}

// Where to resolve persons takes longer than longResolution, as while millions of
// messages are imported, it takes resolveShare of the time at most.
const (
	longResolution = 100 * time.Millisecond
	resolveShare   = 20
)

// settle resolves a user's persons if there is anything new, and reports whether
// it did.
func (p *persons) settle(ctx context.Context, s *store.Store, userID string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := p.done[userID]; last.took > longResolution && time.Since(last.at) < resolveShare*last.took {
		return false, nil
	}
	if done, err := s.PersonsResolved(ctx, userID); err != nil || done {
		return false, err
	}
	began := time.Now()
	err := s.ResolvePersons(ctx, userID)
	if p.done == nil {
		p.done = map[string]resolution{}
	}
	p.done[userID] = resolution{at: time.Now(), took: time.Since(began)}
	return true, err
}

// evaluate finds out how a goal does, for the user as they are known by now.
func (c *core) evaluate(ctx context.Context, user store.User, g store.Goal, now time.Time) (goals.Finding, error) {
	who, err := Caller{User: user, core: c}.withPersons(ctx)
	if err != nil {
		return goals.Finding{}, err
	}
	return c.evaluator.Evaluate(ctx, who.User, g, now)
}

// withPersons is the caller with their persons resolved: which addresses are the
// user's own follows from that, too.
func (c Caller) withPersons(ctx context.Context) (Caller, error) {
	anew, err := c.core.persons.settle(ctx, c.core.store, c.User.ID)
	if err == nil && anew {
		c.User, err = c.core.store.User(ctx, c.User.ID)
	}
	return c, err
}
