package gate

import (
	"context"
	"sync"
	"time"
)

// Spender remembers which answers were used.
type Spender interface {
	// Spend reports whether the answer to a question is used for the first time. The
	// question was asked at the one time, and its answer is good until the other. On
	// an error it is not known, and the answer must count as used.
	Spend(ctx context.Context, id string, asked, until time.Time) (first bool, err error)
}

// spent remembers the answered questions of this process until they would have
// expired anyway.
type spent struct {
	now func() time.Time

	mu  sync.Mutex
	ids map[string]time.Time
}

// Spend implements Spender. It never fails.
func (s *spent) Spend(_ context.Context, id string, _, until time.Time) (first bool, err error) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, again := s.ids[id]; again {
		return false, nil
	}
	for old, end := range s.ids {
		if now.After(end) {
			delete(s.ids, old)
		}
	}
	if s.ids == nil {
		s.ids = map[string]time.Time{}
	}
	s.ids[id] = until
	return true, nil
}
