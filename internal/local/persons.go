package local

import (
	"context"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// persons tells who is one person when somebody asks, and not while mail comes in.
type persons struct {
	behind *background
	many   int64 // entities, of which more are taken to take long the first time

	mu    sync.Mutex
	paces map[string]pace // by user
}

func newPersons(behind *background) persons {
	const many = 5_000
	return persons{behind: behind, many: many, paces: map[string]pace{}}
}

// settle resolves a user's persons if there is anything new, and reports whether
// it did.
func (p *persons) settle(ctx context.Context, s *store.Store, userID string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paces[userID].rests() {
		return false, nil
	}
	if done, err := s.PersonsResolved(ctx, userID); err != nil || done {
		return false, err
	}
	if _, known := p.paces[userID]; !known {
		entities, err := s.ResolvedEntities(ctx, userID)
		if err != nil {
			return false, err
		}
		if entities > p.many {
			p.paces[userID] = pace{took: shortWork + 1}
		}
	}
	if !p.paces[userID].short() {
		p.paces[userID] = pace{going: true}
		p.behind.do("resolve persons", func(ctx context.Context) error {
			began := time.Now()
			err := s.ResolvePersons(ctx, userID)
			p.mu.Lock()
			defer p.mu.Unlock()
			p.paces[userID] = since(began)
			return err
		})
		return false, nil
	}
	began := time.Now()
	err := s.ResolvePersons(ctx, userID)
	p.paces[userID] = since(began)
	return true, err
}

// resolvePersons resolves a user's persons now, however long that takes.
func (c *core) resolvePersons(ctx context.Context, userID string) error {
	if done, err := c.store.PersonsResolved(ctx, userID); err != nil || done {
		return err
	}
	return c.store.ResolvePersons(ctx, userID)
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
