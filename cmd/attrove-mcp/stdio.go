package main

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/transport"
)

type stdioCommand struct {
	Backend config.Backend `embed:""`
	Offer   config.Offer   `embed:""`
	Secrets config.Secrets `embed:""`
}

// Run serves until the input ends or the process is told to stop.
func (c *stdioCommand) Run(ctx context.Context, a *app) (err error) {
	inventory, err := offer(selection(c.Offer))
	if err != nil {
		return err
	}
	b, err := a.open(c.Backend, offeringPage)
	if err != nil {
		return err
	}
	b.keepSecrets(c.Secrets)
	defer func() { err = errors.Join(err, b.close()) }()
	s, err := a.server(b, inventory, b.caller)
	if err != nil {
		return err
	}
	return transport.ServeStdio(ctx, s, a.in, a.out, a.log)
}
