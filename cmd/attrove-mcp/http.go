package main

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/transport"
)

type httpCommand struct {
	Backend   config.Backend   `embed:""`
	Offer     config.Offer     `embed:""`
	Decisions config.Decisions `embed:""`
	Listening config.Listening `embed:""`
	Listen    string           `help:"The loopback address to listen on." default:"127.0.0.1:8787" placeholder:"ADDRESS"`
}

// Run serves until the process is told to stop. With the embedded engine every
// caller on this machine is its one user; on the cloud each request brings its
// own key.
func (c *httpCommand) Run(ctx context.Context, a *app) (err error) {
	wanted := selection(c.Offer)
	wanted.Remote = true
	inventory, err := offer(wanted)
	if err != nil {
		return err
	}
	seals, err := config.ReadSeals(a.env)
	if err != nil {
		return usageError{err}
	}
	b, err := a.open(c.Backend, offeringPage)
	if err != nil {
		return err
	}
	b.poll = c.Listening.PollInterval
	b.confirm(c.Decisions, seals...)
	defer func() { err = errors.Join(err, b.close()) }()
	s, err := a.server(b, inventory, transport.RequestCaller)
	if err != nil {
		return err
	}
	callers, err := b.callers(ctx)
	if err != nil {
		return err
	}
	listener, err := transport.Bind(ctx, c.Listen)
	if err != nil {
		return err
	}
	a.say("MCP endpoint: http://%s%s\n", listener.Addr(), transport.Path)
	return transport.ServeHTTP(ctx, listener, s, transport.HTTPOptions{Callers: callers, Inventory: inventory, Log: a.log})
}

// callers says whose a request is: the engine's one user's, or whose key it
// carries.
func (b *backend) callers(ctx context.Context) (transport.Callers, error) {
	if b.engine == nil {
		return transport.HeaderKeys{}, nil
	}
	if _, err := b.engine.OnlyUser(ctx); err != nil {
		return nil, err
	}
	return transport.Keyless{User: b.engine.OnlyUser}, nil
}
