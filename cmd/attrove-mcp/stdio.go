package main

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/transport"
)

type stdioCommand struct {
	Backend   config.Backend   `embed:""`
	Offer     config.Offer     `embed:""`
	Secrets   config.Secrets   `embed:""`
	Decisions config.Decisions `embed:""`
	Listening config.Listening `embed:""`
	Import    string           `help:"A folder whose mail, calendars, chat and meetings the embedded engine imports while it serves, from the first call on." placeholder:"FOLDER"`
}

// Validate checks what the flag parser cannot.
func (c *stdioCommand) Validate() error {
	if backend := c.Backend.Resolved(); c.Import != "" && (!backend.Embedded() || backend.Demo) {
		return errors.New("--import is for mail that is kept on this machine: add --local or --db FILE (in a host's settings: mode local), or leave the folder out")
	}
	return nil
}

// setupInHost is what to tell a user whose key is missing and who has no command
// line: a mode is a host's setting.
const setupInHost = "Tell the user to open this server's settings in their app: with an Attrove account, fill in the secret key and the user id; " +
	"without one, set the mode to local (mail that stays on this computer) or demo (a sample workspace)."

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
	b.poll = c.Listening.PollInterval
	b.confirm(c.Decisions)
	defer func() { err = errors.Join(err, b.close()) }()
	if c.Backend.Mode != "" {
		b.env.Setup = setupInHost
	}
	if c.Import != "" {
		defer a.importOnUse(ctx, b, c.Import, c.Backend.Me)()
	}
	s, err := a.server(b, inventory, b.caller)
	if err != nil {
		return err
	}
	return transport.ServeStdio(ctx, s, a.in, a.out, a.log)
}
