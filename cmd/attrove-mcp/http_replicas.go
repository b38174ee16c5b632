package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// seals are the secrets that questions are sealed with; nil is one of this process
// alone. Where an answer may reach another one, there have to be some.
func (a *app) seals(c config.Replicas, edge config.Edge, o *operation) (*gate.Seals, error) {
	secrets, err := c.Seals(a.env)
	switch {
	case err != nil:
	case c.Redis != "":
		err = config.RequireSeals(secrets, "--redis")
	case edge.BehindProxy:
		err = config.RequireSeals(secrets, "--behind-proxy")
	}
	if err != nil {
		return nil, usageError{err}
	}
	if len(secrets) == 0 {
		return nil, nil
	}
	seals := gate.NewSeals(secrets...)
	o.reloadFile(c.SealKeyFile, reload{"seal key", func(context.Context) error {
		secrets, err := c.Seals(a.env)
		if err == nil {
			seals.Replace(secrets...)
		}
		return err
	}})
	return seals, nil
}

// redis is the part of this process in what replicas share; nil where they share
// nothing.
func (a *app) redis(c config.Replicas) (*replicas.Redis, error) {
	if c.Redis == "" {
		return nil, nil
	}
	password, err := c.RedisPassword()
	if err != nil {
		return nil, usageError{err}
	}
	shared, err := replicas.Open(replicas.Options{URL: c.Redis, Password: password, Log: a.log})
	if err != nil {
		return nil, usageError{fmt.Errorf("--redis: %w", err)}
	}
	return shared, nil
}

// join has the backend share with the other replicas until leave is called, which
// is after the last call.
func (b *backend) join(ctx context.Context, shared *replicas.Redis) (leave func() error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	b.confirmation.Used, b.goals.Carry = shared, shared.Nudge
	var running sync.WaitGroup
	running.Go(func() { shared.Run(ctx, b.goals) })
	return func() error {
		stop()
		running.Wait()
		return shared.Close()
	}
}

// webhooks receives Attrove's; nil without a secret.
func (a *app) webhooks(c config.Replicas, o *operation, b *backend) (http.Handler, error) {
	secrets, err := c.WebhookSecrets(a.env)
	if err != nil {
		return nil, usageError{err}
	}
	if len(secrets) == 0 {
		return nil, nil
	}
	receiver, err := transport.NewWebhooks(secrets, b.goals.Ring, a.log)
	if err != nil {
		return nil, usageError{fmt.Errorf("--webhook-secret-file, %s: %w", config.EnvWebhookSecret, err)}
	}
	o.reloadFile(c.WebhookSecretFile, reload{"webhook secret", func(context.Context) error {
		secrets, err := c.WebhookSecrets(a.env)
		if err != nil {
			return err
		}
		return receiver.Replace(secrets)
	}})
	return receiver, nil
}
