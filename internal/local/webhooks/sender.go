// Package webhooks sends what happened to those who asked to hear of it, as
// Standard Webhooks 1.0.0 has it
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
package webhooks

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	defaultTimeout = 15 * time.Second // P-19
	parallel       = 16               // requests that are under way at once
)

// Options configure a Sender.
type Options struct {
	Store    *store.Store
	Targets  Targets
	Log      zerolog.Logger
	Now      func() time.Time // the clock of the schedule; nil is the real one
	Timeout  time.Duration    // of a request; 0 is 15 s
	Resolver *net.Resolver    // nil is the system's
	Jitter   func() float64   // in [0, 1), how much of the jitter to take; nil is random
}

// Sender sends webhooks. It is safe for concurrent use.
type Sender struct {
	o      Options
	client *http.Client
}

// New returns a sender. Its Handle is for a worker on the queue
// store.QueueWebhooks, which runs by the same clock.
func New(o Options) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	dialer := &net.Dialer{Resolver: o.Resolver, Control: o.Targets.control()}
	return &Sender{o: o, client: &http.Client{
		// No proxy: it would connect in our place, and past our check of the address.
		Transport: &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
			MaxIdleConnsPerHost: parallel, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 64 << 10},
		// A redirect is a failure, by the specification.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close closes the connections that were kept for further requests.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Handle is a jobs.Handler. An attempt is recorded in the transaction that ends
// its job: if the process dies in between, it is made again.
func (s *Sender) Handle(ctx context.Context, owner string, all []store.Job) {
	var group errgroup.Group
	group.SetLimit(parallel)
	for _, job := range all {
		group.Go(func() error {
			err := s.deliver(ctx, owner, job)
			if err != nil && !errors.Is(err, store.ErrLeaseLost) && !errors.Is(err, store.ErrNotFound) { // another has it, or the endpoint was deleted
				s.o.Log.Error().Err(err).Str("delivery", job.Lane).Msg("cannot deliver a webhook; trying again")
			}
			return nil
		})
	}
	_ = group.Wait() // there is no error
}

// deliver makes the attempt that a job stands for, unless its endpoint is
// disabled or resting. The end of ctx interrupts the request alone.
func (s *Sender) deliver(ctx context.Context, owner string, job store.Job) error {
	whole := context.WithoutCancel(ctx)
	write := func(fn func(*store.Tx) error) error { return s.o.Store.Write(whole, fn) }
	d, err := s.o.Store.Delivery(whole, job.Lane)
	if errors.Is(err, store.ErrNotFound) {
		return write(func(tx *store.Tx) error { return tx.Finish(job, owner) })
	}
	if err != nil {
		return err
	}
	hook, err := s.o.Store.Webhook(whole, d.WebhookID)
	if err != nil {
		return err
	}
	now := s.o.Now()
	if !hook.Enabled {
		d.Status, d.Error, d.NextAttempt = attrove.DeliveryFailed, "not sent: the endpoint is disabled", time.Time{}
		return write(func(tx *store.Tx) error { return tx.Settle(job, owner, d) })
	}
	if now.Before(hook.RestUntil) && hook.RestUntil.Sub(now) <= longestWait { // or the clock was set back since
		return write(func(tx *store.Tx) error { return tx.Rest(job, owner, hook.RestUntil) })
	}
	a := s.send(ctx, hook, d, job.Payload)
	if ctx.Err() != nil && a.status == 0 { // the worker stops: that says nothing about the endpoint
		return write(func(tx *store.Tx) error { return tx.Release(job, owner) })
	}
	d.AttemptedAt = now
	return write(func(tx *store.Tx) error { return s.settle(tx, owner, job, d, a) })
}

// settle records an attempt, and what it means for the endpoint as that is by now.
func (s *Sender) settle(tx *store.Tx, owner string, job store.Job, d store.Delivery, a answer) error {
	hook, err := tx.Webhook(d.WebhookID)
	if err != nil {
		return fmt.Errorf("endpoint of a delivery: %w", err)
	}
	before := hook
	s.judge(&hook, &d, a)
	if hook.Enabled != before.Enabled {
		s.o.Log.Warn().Str("webhook", hook.ID).Str("reason", hook.DisabledReason).Msg("endpoint disabled")
	}
	if hook.Enabled != before.Enabled || hook.FailingSince != before.FailingSince || hook.RestUntil != before.RestUntil {
		if err := tx.SaveWebhook(hook); err != nil {
			return err
		}
	}
	return tx.Settle(job, owner, d)
}
