package resources

import (
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"sync"
	"time"
)

// apart is how far those who all hear a bell at once look after each other: an
// upstream should not be asked by thousands in one moment.
const apart = time.Millisecond

// Bell tells whoever listens that goals of a user may have changed. The zero Bell
// is ready; it is safe for concurrent use.
type Bell struct {
	// Carry has those hear who listen elsewhere, where there are any. It must not
	// wait. What it gets stands for a user, and says nothing about them.
	Carry func(topic string)

	mu   sync.Mutex
	ears map[string]map[ear]bool // by topic
	all  int
}

// ear hears after how long to look; 0 is at once.
type ear chan time.Duration

// Ring wakes who listens to a user, here and wherever it is carried to.
func (b *Bell) Ring(user string) {
	topic := topicOf(user)
	b.Hear(topic)
	if b.Carry != nil {
		b.Carry(topic)
	}
}

// Hear wakes who listens here to the user that a topic stands for. It is for what
// was carried from elsewhere.
func (b *Bell) Hear(topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for e := range b.ears[topic] {
		e.ring(0)
	}
}

// RingAll wakes everybody who listens here, one soon after the other.
func (b *Bell) RingAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ears := range b.ears {
		for e := range ears {
			e.ring(rand.N(time.Duration(b.all) * apart)) //nolint:gosec // it needs no secrecy
		}
	}
}

// listen returns an ear for what is rung from now on. A nil Bell never rings.
func (b *Bell) listen(user string) (e ear, stop func()) {
	if b == nil {
		return nil, func() {}
	}
	topic := topicOf(user)
	e = make(ear, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ears == nil {
		b.ears = map[string]map[ear]bool{}
	}
	if b.ears[topic] == nil {
		b.ears[topic] = map[ear]bool{}
	}
	b.ears[topic][e] = true
	b.all++
	return e, func() { b.leave(topic, e) }
}

func (b *Bell) leave(topic string, e ear) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ears[topic], e)
	if len(b.ears[topic]) == 0 {
		delete(b.ears, topic)
	}
	b.all--
}

// ring replaces what was not heard yet, unless that does as well. It is under the
// bell's lock: nobody else fills the ear.
func (e ear) ring(after time.Duration) {
	select {
	case unheard := <-e:
		if after > 0 {
			after = unheard
		}
	default:
	}
	e <- after
}

// topicOf stands for a user where others need not learn of whom.
func topicOf(user string) string {
	sum := sha256.Sum256([]byte("goals of " + user))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
