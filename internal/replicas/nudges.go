package replicas

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

const (
	// channel carries messages of the sender's name and topics, with spaces between.
	channel = prefix + "nudges"
	// maxTopics is how many travel in one message, and maxQueue how many may wait for
	// Redis; beyond it, who listens elsewhere hears with its next poll.
	maxTopics = 500
	maxQueue  = 10_000
	// aliveTime is how long a subscription is silent before it has to show that it lives.
	aliveTime = 3 * time.Second
	// Between two attempts, doubling.
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
)

// Listener hears what other replicas tell.
type Listener interface {
	// Hear is called with what stands for the user whose goals may have changed.
	Hear(topic string)
	// RingAll is called when anybody's may have, unheard.
	RingAll()
}

// Nudge tells the other replicas that something of a topic changed. It does not
// wait: topics travel together, each once, when Run gets to it.
func (r *Redis) Nudge(topic string) {
	if !r.queue.put(topic) {
		r.stats.failedNudges.Add(1)
	}
}

// Run carries nudges to and from the other replicas until ctx ends. Where Redis is
// down it goes on trying; after each subscription everybody is rung, as something
// may have been missed.
func (r *Redis) Run(ctx context.Context, to Listener) {
	var g errgroup.Group
	g.Go(func() error { r.send(ctx); return nil })
	g.Go(func() error { r.receive(ctx, to); return nil })
	_ = g.Wait() // neither fails: they try again
}

// send publishes what is queued, and at last what the last calls changed.
func (r *Redis) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			r.publish(ctx)
			return
		case <-r.queue.filled:
		}
		if !r.publish(ctx) {
			sleep(ctx, circuitPause)
		}
	}
}

// publish sends some of what is queued. What cannot be sent stays there, and it
// reports false.
func (r *Redis) publish(ctx context.Context) bool {
	topics := r.queue.take(maxTopics)
	if len(topics) == 0 {
		return true
	}
	err := r.do(ctx, &r.stats.failedNudges, func(ctx context.Context) error {
		return r.client.Publish(ctx, channel, r.name+" "+strings.Join(topics, " ")).Err()
	})
	if err != nil {
		for _, topic := range topics {
			r.queue.put(topic)
		}
		return false
	}
	r.stats.sent.Add(uint64(len(topics)))
	return true
}

// receive subscribes, again and again.
func (r *Redis) receive(ctx context.Context, to Listener) {
	pause := minPause
	for ctx.Err() == nil {
		began := time.Now()
		err := r.subscription(ctx, to)
		if ctx.Err() != nil {
			return
		}
		if r.stats.subscribed.Swap(false) || pause == minPause { // a failure that goes on is logged once
			r.log.Warn().Err(err).Msg("no subscription: nudges of other replicas do not come in")
		}
		r.stats.lost.Add(1)
		if time.Since(began) > maxPause {
			pause = minPause
		}
		sleep(ctx, pause/2+rand.N(pause)) //nolint:gosec // jitter needs no secrecy
		pause = min(2*pause, maxPause)
	}
}

// subscription passes on what comes in until the connection fails.
func (r *Redis) subscription(ctx context.Context, to Listener) error {
	sub := r.client.Subscribe(ctx)
	shut := func() { _ = sub.Close() } // nothing is lost with it
	defer shut()
	defer context.AfterFunc(ctx, shut)()
	if err := sub.Subscribe(ctx, channel); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	asked := false // whether it has been silent, and has to answer
	for {
		message, err := sub.ReceiveTimeout(ctx, r.alive)
		var silence net.Error
		switch {
		case err == nil:
			asked = false
			r.heard(ctx, message, to)
		case errors.As(err, &silence) && silence.Timeout() && !asked:
			asked = true
			if err := sub.Ping(ctx); err != nil {
				return fmt.Errorf("ping: %w", err)
			}
		default:
			return fmt.Errorf("receive: %w", err)
		}
	}
}

// heard takes one message. Those of this replica are no news.
func (r *Redis) heard(ctx context.Context, message any, to Listener) {
	switch m := message.(type) {
	case *redis.Subscription:
		_ = r.remember(ctx) // counted; the first answer does it as well
		r.stats.subscribed.Store(true)
		r.log.Info().Msg("subscribed to the nudges of other replicas")
		to.RingAll()
	case *redis.Message:
		from, topics, _ := strings.Cut(m.Payload, " ")
		if from == r.name {
			return
		}
		for topic := range strings.FieldsSeq(topics) {
			r.stats.heard.Add(1)
			to.Hear(topic)
		}
	}
}

// sleep waits, unless ctx ends meanwhile.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// queue is topics that are to be sent, each once.
type queue struct {
	filled chan struct{} // has something while there are topics

	mu     sync.Mutex
	topics map[string]bool
}

func newQueue() *queue { return &queue{filled: make(chan struct{}, 1), topics: map[string]bool{}} }

// put reports false when there is no room.
func (q *queue) put(topic string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.topics) >= maxQueue && !q.topics[topic] {
		return false
	}
	q.topics[topic] = true
	q.signal()
	return true
}

// take removes some, at most n.
func (q *queue) take(n int) []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var taken []string
	for topic := range q.topics {
		if len(taken) == n {
			q.signal()
			break
		}
		taken = append(taken, topic)
		delete(q.topics, topic)
	}
	return taken
}

func (q *queue) signal() {
	select {
	case q.filled <- struct{}{}:
	default:
	}
}
