package local

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// background is work that nobody waits for.
type background struct {
	closed context.Context // ends it
	end    context.CancelFunc
	log    zerolog.Logger

	mu      sync.Mutex
	ended   bool
	running sync.WaitGroup
}

func newBackground(ctx context.Context, log zerolog.Logger) *background {
	closed, end := context.WithCancel(context.WithoutCancel(ctx))
	return &background{closed: closed, end: end, log: log}
}

// do starts work, unless all has come to its end. Whoever starts it does so again
// when it fails.
func (b *background) do(what string, work func(context.Context) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return
	}
	b.running.Go(func() {
		if err := work(b.closed); err != nil && b.closed.Err() == nil {
			b.log.Warn().Err(err).Str("work", what).Msg("work in the background failed; it will be tried again")
		}
	})
}

func (b *background) stop() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.end()
	b.running.Wait()
}

// pace is that of something which is to be done anew when anything has come in, and
// takes the longer the more there is. Where it takes long, as while millions of
// messages are imported, it is done in the background and takes a share of the
// time at most; whoever reads takes what was found the last time.
type pace struct {
	going bool
	over  time.Time
	took  time.Duration
}

const (
	shortWork = 100 * time.Millisecond // which a reader does at once
	longShare = 20                     // what takes longer takes this part of the time
)

func (p pace) short() bool { return p.took <= shortWork }

// rests reports whether it is not to be done yet.
func (p pace) rests() bool { return p.going || !p.short() && time.Since(p.over) < longShare*p.took }

// since is the pace of what began then and is over now.
func since(began time.Time) pace { return pace{over: time.Now(), took: time.Since(began)} }
