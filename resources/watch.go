package resources

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// DefaultPoll is how often goal events are polled while somebody listens.
const DefaultPoll = 15 * time.Second

// maxListeners is how many a caller may have at a time.
const maxListeners = 100

// Watchable reports whether changes of what is at uri are noticed: of the goals, or
// one of them, its evidence or its history.
func (l *Library) Watchable(uri string) bool {
	found, _ := l.at(uri)
	return found != nil && found.watched
}

// Watch calls tell with those of the watchable uris that change from now on, until
// ctx ends. What tell does not take, it is told again later. Watch reports false
// when the caller has no key, or too many listeners already.
func (l *Library) Watch(ctx context.Context, who attrove.Caller, uris []string, tell func(uri string) (taken bool)) bool {
	return who.Key != "" && l.watcher.watch(ctx, who, newListener(uris, tell))
}

// watcher tells listeners which of their goals changed. For every caller who
// listens, however often, one goroutine polls goal events from a watermark; it
// ends with the caller's last listener.
type watcher struct {
	env   Env
	turns *semaphore.Weighted // of all who poll

	mu      sync.Mutex
	pollers map[attrove.Caller]*poller
}

func newWatcher(env Env) *watcher {
	return &watcher{env: env, turns: semaphore.NewWeighted(maxPolls), pollers: map[attrove.Caller]*poller{}}
}

func (w *watcher) watch(ctx context.Context, who attrove.Caller, l *listener) bool {
	p := w.join(ctx, who, l)
	if p == nil {
		return false
	}
	context.AfterFunc(ctx, func() { w.leave(p, l) })
	select { // what happens once the caller knows that we listen must not be missed
	case <-p.placed:
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	l.since = time.Now()
	return true
}

// join adds a listener to those of a caller, for whom it begins to poll if need
// be. It returns nil when there are too many.
func (w *watcher) join(ctx context.Context, who attrove.Caller, l *listener) *poller {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pollers[who]
	if p == nil {
		polling, stop := context.WithCancel(context.WithoutCancel(ctx)) // it outlives its first listener
		p = &poller{watcher: w, who: who, stop: stop, listeners: map[*listener]bool{}, placed: make(chan struct{})}
		w.pollers[who] = p
		go p.run(polling)
	}
	if len(p.listeners) >= maxListeners {
		return nil
	}
	p.listeners[l] = true
	return p
}

// leave ends a listener, and with the last one the polling.
func (w *watcher) leave(p *poller, l *listener) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(p.listeners, l)
	if len(p.listeners) == 0 {
		p.stop()
		delete(w.pollers, p.who)
	}
}

// listener is somebody who wants to hear.
type listener struct {
	goals map[string][]string // URIs by goal id; under "" those that every change concerns
	tell  func(uri string) bool
	since time.Time       // when it was said to listen; zero before; the watcher's lock guards it
	owed  map[string]bool // URIs that it is still to be told; the goroutine's that polls
}

func newListener(uris []string, tell func(uri string) bool) *listener {
	l := &listener{goals: map[string][]string{}, tell: tell, owed: map[string]bool{}}
	for _, uri := range uris {
		_, id, _ := split(uri)
		l.goals[id] = append(l.goals[id], uri)
	}
	return l
}

// owe notes that a goal changed, or for "" that any may have.
func (l *listener) owe(goal string) {
	for id, uris := range l.goals {
		if id == "" || goal == "" || id == goal {
			for _, uri := range uris {
				l.owed[uri] = true
			}
		}
	}
}

// pay tells what is owed, as far as it is taken.
func (l *listener) pay() {
	for _, uri := range slices.Sorted(maps.Keys(l.owed)) {
		if l.tell(uri) {
			delete(l.owed, uri)
		}
	}
}
