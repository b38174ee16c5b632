// Package replicas is what several processes share through Redis: nudges to those
// who listen, the answers that were used, and rate limits. No correct answer
// depends on it: without Redis, what it guards is refused or counted by each
// process alone, and who listens hears later. Nothing in Redis is content or a
// credential: keys are hashes.
package replicas

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

const (
	// patience is how long a call may be held up by Redis.
	patience = 250 * time.Millisecond
	// dialTime is how long a connection may take, which goes on when the call that
	// needed it has lost patience.
	dialTime = 2 * time.Second
	// After so many failures in a row nobody waits for Redis, for a while.
	circuitFailures = 3
	circuitPause    = time.Second
)

// prefix begins the name of all that is kept in Redis.
const prefix = "attrove-mcp:"

// ErrUnavailable says that Redis did not answer in time, or answered with an error.
var ErrUnavailable = errors.New("redis is unavailable")

// errForgotten says that Redis was emptied after a question was asked.
var errForgotten = errors.New("redis has lost what it knew when the question was asked")

// Options say which Redis replicas share.
type Options struct {
	URL      attrove.Secret // redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for TLS
	Password attrove.Secret // instead of the URL's; "" is the URL's
	Log      zerolog.Logger
}

// Redis is the part of one replica in what all share. It is safe for concurrent
// use.
type Redis struct {
	client  *redis.Client
	circuit circuitbreaker.CircuitBreaker[any]
	limiter *redis_rate.Limiter
	spend   *redis.Script
	log     zerolog.Logger

	name  string // tells the nudges of this replica from those of others
	alive time.Duration
	queue *queue
	stats stats
}

// Open returns the part of this process, without talking to Redis. Errors never
// hold the URL: it may have a password.
func Open(o Options) (*Redis, error) {
	options, err := redis.ParseURL(o.URL.Reveal())
	if err != nil {
		return nil, errors.New("not a Redis URL: write redis://HOST:6379, or rediss://HOST:6379 for TLS")
	}
	if o.Password != "" {
		options.Password = o.Password.Reveal()
	}
	options.DialTimeout, options.DialerRetries = dialTime, 1
	options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = patience, patience, patience
	options.ContextTimeoutEnabled = true
	options.MaxRetries = -1 // a command that was sent twice could be taken for another's
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	logging.Disable() // it writes to standard error; what fails is logged and counted here
	client := redis.NewClient(options)
	return &Redis{
		client:  client,
		circuit: circuitbreaker.NewBuilder[any]().WithFailureThreshold(circuitFailures).WithDelay(circuitPause).Build(),
		limiter: redis_rate.NewLimiter(client),
		spend:   redis.NewScript(spendScript),
		log:     o.Log.With().Str("part", "redis").Logger(),
		name:    rand.Text(),
		alive:   aliveTime,
		queue:   newQueue(),
	}, nil
}

// Close closes the connections.
func (r *Redis) Close() error {
	if err := r.client.Close(); err != nil {
		return fmt.Errorf("close redis: %w", err)
	}
	return nil
}

// Ping reports whether Redis answers.
func (r *Redis) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := r.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}

// do runs a command for as long as a call may be held up, and counts a failure in
// failed. Whoever hangs up meanwhile is no failure of Redis.
func (r *Redis) do(ctx context.Context, failed *atomic.Uint64, command func(context.Context) error) error {
	if !r.circuit.TryAcquirePermit() {
		failed.Add(1)
		return fmt.Errorf("%w: it failed just now", ErrUnavailable)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := command(ctx); err != nil {
		failed.Add(1)
		r.circuit.RecordFailure()
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	r.circuit.RecordSuccess()
	return nil
}

// hash stands for what nobody who reads Redis is to learn.
func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// stats are the counters behind Stats.
type stats struct {
	sent, heard, lost                        atomic.Uint64
	failedNudges, failedSpends, failedLimits atomic.Uint64
	subscribed                               atomic.Bool
}

// Stats says how this replica does with Redis. The numbers count from its start.
type Stats struct {
	Subscribed          bool   // whether nudges of other replicas come in
	NudgesSent          uint64 // users of whom others were told
	NudgesHeard         uint64 // users of whom others told
	SubscriptionsLost   uint64 // attempts to subscribe count too
	FailedNudges        uint64 // messages that could not be sent; they are tried again
	FailedConfirmations uint64 // answers that were refused because Redis did not say whether they were used
	FailedLimits        uint64 // calls that were counted by this replica alone
}

// Stats returns the counters.
func (r *Redis) Stats() Stats {
	s := &r.stats
	return Stats{
		Subscribed: s.subscribed.Load(), NudgesSent: s.sent.Load(), NudgesHeard: s.heard.Load(), SubscriptionsLost: s.lost.Load(),
		FailedNudges: s.failedNudges.Load(), FailedConfirmations: s.failedSpends.Load(), FailedLimits: s.failedLimits.Load(),
	}
}
