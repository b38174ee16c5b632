package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/transport"
)

type httpCommand struct {
	Edge      config.Edge      `embed:"" group:"Where it is reached" set:"listen=127.0.0.1:8787"`
	Backend   config.Backend   `embed:"" group:"What answers"`
	OAuth     config.OAuth     `embed:"" group:"Who calls, where not by keys of their own"`
	Offer     config.Offer     `embed:"" group:"What is offered"`
	Decisions config.Decisions `embed:"" group:"What is offered"`
	Limits    config.Limits    `embed:"" group:"How much is served"`
	Replicas  config.Replicas  `embed:"" group:"What replicas share"`
	Listening config.Listening `embed:"" group:"What replicas share"`
	Admin     config.Admin     `embed:"" group:"Operation"`
}

// Validate checks what the flag parser cannot.
func (c *httpCommand) Validate() error {
	return checkCallers(c.Backend, c.OAuth, c.Edge)
}

// Run serves until the process is told to stop. With the embedded engine every
// caller on this machine is its one user; on the cloud each request brings its
// own key, or an access token that stands for one.
func (c *httpCommand) Run(ctx context.Context, a *app) (err error) {
	a.tuneMemory()
	wanted := selection(c.Offer)
	wanted.Remote = true
	inventory, err := offer(wanted)
	if err != nil {
		return err
	}
	operated, err := a.operate(ctx, c.Admin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, operated.close(ctx)) }()
	seals, err := a.seals(c.Replicas, c.Edge, operated)
	if err != nil {
		return err
	}
	shared, err := a.redis(c.Replicas)
	if err != nil {
		return err
	}
	b, err := a.open(c.Backend, offeringPage)
	if err != nil {
		return err
	}
	b.poll = c.Listening.PollInterval
	b.confirm(c.Decisions)
	b.confirmation.Seals = seals
	b.record = operated.record
	defer func() { err = errors.Join(err, b.close()) }()
	return c.serve(ctx, a, operated, b, inventory, shared)
}

// serve serves what b has, of which inventory is offered.
func (c *httpCommand) serve(ctx context.Context, a *app, operated *operation, b *backend, inventory gate.Inventory, shared *replicas.Redis) (err error) {
	most := limits(c.Limits)
	if shared != nil {
		leave := b.join(ctx, shared)
		defer func() { err = errors.Join(err, leave()) }()
		most.Shared = shared
	}
	receiver, err := a.webhooks(c.Replicas, operated, b)
	if err != nil {
		return err
	}
	s, direct, err := a.httpServer(b, inventory) //nolint:contextcheck // what it asks itself belongs to no request
	if err != nil {
		return err
	}
	listener, err := bind(ctx, c.Edge)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // ServeHTTP has closed it, or nothing was served
	callers, metadata, err := a.callers(ctx, c, operated, b, listener.Addr())
	if err != nil {
		return err
	}
	edge, err := a.edge(c.Edge)
	if err != nil {
		return err
	}
	edge = operated.edge(edge)
	defer operated.reloading(ctx)()
	stop, err := a.administer(ctx, operated, b, shared)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	scheme := "http"
	if edge.Certificate != nil {
		scheme = "https"
	}
	a.say("MCP endpoint: %s://%s%s\n", scheme, listener.Addr(), transport.Path)
	return transport.ServeHTTP(ctx, listener, s, transport.HTTPOptions{Callers: callers, Metadata: metadata, Inventory: inventory, Direct: direct, Webhooks: receiver, Edge: edge, Limits: most, Log: a.log})
}

// httpServer is the MCP server, and what answers most requests before it.
func (a *app) httpServer(b *backend, inventory gate.Inventory) (*server.MCPServer, *mcpserver.Direct, error) {
	s, direct, err := mcpserver.NewHTTP(a.front(b, inventory, transport.RequestCaller))
	if err != nil {
		return nil, nil, fmt.Errorf("MCP server: %w", err)
	}
	return s, direct, nil
}
