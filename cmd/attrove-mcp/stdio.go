package main

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/transport"
)

type stdioCommand struct {
	Backend config.Backend `embed:""`
}

// Run serves until the input ends or the process is told to stop.
func (c *stdioCommand) Run(ctx context.Context, a *app) (err error) {
	b, err := a.open(c.Backend, offeringPage)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	s, err := a.server(b, b.caller)
	if err != nil {
		return err
	}
	return transport.ServeStdio(ctx, s, a.in, a.out, a.log)
}
