package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	// oversample is how many passages the slab proposes, of which the nearest count.
	oversample = 1000
	nearestBy  = 100

	// filtered is how many passages of chosen senders or sources are compared, the
	// newest: the slab does not know whose they are.
	filtered = 20_000

	// firstWait is how long a search waits for vectors that are being read in.
	firstWait = 250 * time.Millisecond

	askedBefore = 64 // queries whose vectors are at hand
	slabsHeld   = 16 // users whose slabs are
)

// Embedder is a model that tells what texts are about.
type Embedder interface {
	Name() string
	// Query returns the vector of what somebody looks for. An error leaves the
	// search without it.
	Query(ctx context.Context, text string) (embed.Vector, error)
}

// meaning finds passages by what they are about.
type meaning struct {
	store *store.Store
	model Embedder

	readers sync.WaitGroup
	closed  context.Context // ends the readers
	end     context.CancelFunc

	mu      sync.Mutex
	slabs   map[string]*slab // by user
	queries map[string]embed.Vector
}

func newMeaning(s *store.Store, model Embedder) *meaning {
	closed, end := context.WithCancel(context.Background())
	return &meaning{store: s, model: model, closed: closed, end: end, slabs: map[string]*slab{}, queries: map[string]embed.Vector{}}
}

// vector is a query's, or nil when the model has none to give.
func (m *meaning) vector(ctx context.Context, text string) embed.Vector {
	m.mu.Lock()
	known := m.queries[text]
	m.mu.Unlock()
	if known != nil {
		return known
	}
	v, err := m.model.Query(ctx, text)
	if err != nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queries) == askedBefore {
		clear(m.queries)
	}
	m.queries[text] = v
	return v
}

// likeness is how alike in meaning to a query passages are, by id: those of hits,
// and the most alike of all. It is nil while the vectors are read in.
func (m *meaning) likeness(ctx context.Context, q store.PassageQuery, v embed.Vector, hits []store.Hit) (map[int64]float64, error) {
	q.Limit = filtered
	if len(q.Domains)+len(q.IntegrationIDs) == 0 {
		s := m.slab(q.UserID)
		if s == nil || !s.isReady(ctx) {
			return nil, nil
		}
		if err := s.update(ctx, m.store, q.UserID, m.model.Name(), newPages); err != nil {
			return nil, fmt.Errorf("read vectors in: %w", err)
		}
		q.IDs = s.nearest(v, q.Kinds, q.From, q.To, oversample)
		for _, h := range hits {
			q.IDs = append(q.IDs, h.ID)
		}
	}
	places, err := m.store.VectorsOf(ctx, q, m.model.Name())
	if err != nil {
		return nil, err
	}
	type alike struct {
		id     int64
		cosine float64
	}
	all := make([]alike, len(places))
	for i, p := range places {
		all[i] = alike{p.PassageID, v.Cosine(p.Packed)}
	}
	slices.SortFunc(all, func(a, b alike) int { return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.id, b.id)) })
	found := map[int64]bool{}
	for _, h := range hits {
		found[h.ID] = true
	}
	likeness := map[int64]float64{}
	for i, a := range all {
		if i < nearestBy || found[a.id] {
			likeness[a.id] = a.cosine
		}
	}
	return likeness, nil
}

// slab is a user's; nil at the end. One that is new is read in meanwhile.
func (m *meaning) slab(userID string) *slab {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slabs[userID]
	if s != nil || m.closed.Err() != nil {
		return s
	}
	if len(m.slabs) == slabsHeld {
		clear(m.slabs) // the next searches read theirs in again
	}
	s = &slab{ready: make(chan struct{})}
	m.slabs[userID] = s
	m.readers.Go(func() {
		defer close(s.ready)
		if err := s.update(m.closed, m.store, userID, m.model.Name(), math.MaxInt); err != nil {
			m.drop(userID) // a later search tries again
		}
	})
	return s
}

func (m *meaning) drop(userID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.slabs, userID)
}

// close ends what is under way.
func (m *meaning) close() {
	m.mu.Lock()
	m.end()
	m.mu.Unlock() // from here on nothing is begun
	m.readers.Wait()
}
