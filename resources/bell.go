package resources

import "sync"

// Bell tells whoever listens that something may have changed. The zero Bell is
// ready; it is safe for concurrent use.
type Bell struct {
	mu   sync.Mutex
	rung chan struct{} // closed by the next ring
}

// Ring wakes everybody who listens.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}

// Heard is closed by the next ring. Whoever asks before they look misses nothing
// that happens while they look. A nil Bell never rings.
func (b *Bell) Heard() <-chan struct{} {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}
