package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/importer"
)

type importCommand struct {
	Backend config.Backend `embed:""`
	Paths   []string       `arg:"" name:"path" help:"Mailboxes (mbox), messages (.eml), calendars (.ics), Slack exports, transcripts (.vtt, .srt, .txt) and minutes (.md, .html, .txt): files, folders, .zip and .gz."`

	IncludeSpam bool `help:"Also import what lies in spam and trash."`
}

// Run imports the files and says what it did. What was pushed when it stops
// early is kept, and a second run goes on from there.
func (c *importCommand) Run(ctx context.Context, a *app) (err error) {
	defer importer.SpareMemory(a.env)()
	if c.Backend.Resolved().Demo {
		return usagef("import: --demo keeps nothing; use --local or --db FILE, or your Attrove account")
	}
	b, err := a.open(c.Backend)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	who, err := b.caller(ctx)
	if err != nil {
		return err
	}
	if who.Key == "" || who.UserID == "" {
		return usagef("import: set %s and %s to push to your Attrove account, or keep the data here with --local or --db FILE",
			config.EnvSecretKey, config.EnvUserID)
	}
	options, err := importOptions(ctx, b, who, importer.NewReporter(a.err, time.Now), c.Backend.Me, c.Paths...)
	if err != nil {
		return err
	}
	options.IncludeSpam = c.IncludeSpam
	summary, err := importer.Run(ctx, options)
	switch {
	case b.engine == nil:
		summary.Me = importer.Proposal{} // an account knows who its user is
	case err == nil:
		summary.Me, err = a.settle(ctx, b, summary.Me)
	}
	if summary.Found() > 0 { // also of an import that stopped early
		_, printErr := fmt.Fprint(a.out, summary)
		err = errors.Join(err, printErr) // nil if neither failed
	}
	if err == nil && summary.Failed > 0 {
		return fmt.Errorf("%s of %s items were not imported; the lines above say where they are and why",
			comma(summary.Failed), comma(summary.Found()))
	}
	return err
}

func importOptions(ctx context.Context, b *backend, who attrove.Caller, reporter importer.Reporter, me []string, paths ...string) (importer.Options, error) {
	zone := b.env.Zone
	if zone == nil {
		zone = attrove.ZoneOf(ctx, b.client, who)
	}
	options := importer.Options{
		Paths: paths, Push: importer.To(b.client, who), Target: who.UserID, StateDir: config.StateDir(),
		Reporter: reporter, Me: me, Zone: zone, Now: time.Now,
	}
	if b.engine == nil {
		return options, nil
	}
	var err error
	options.Concurrency = importer.EngineConcurrency
	options.Push, err = b.engine.Pusher(ctx)
	return options, err
}

// settle waits until all of it can be found, and keeps who the user seems to be
// unless that is known. It returns who they are taken for.
func (a *app) settle(ctx context.Context, b *backend, seems importer.Proposal) (importer.Proposal, error) {
	if a.terminal {
		a.say("\r\x1b[Kindexing ...")
		defer a.say("\r\x1b[K")
	}
	if err := b.engine.Drain(ctx); err != nil {
		return seems, fmt.Errorf("index what was pushed (it is kept, and will be indexed by the next command on this database): %w", err)
	}
	own, err := b.engine.ProposeMe(ctx, seems.Me)
	if err != nil {
		return seems, fmt.Errorf("keep who you are: %w", err)
	}
	return known(seems, own), nil
}

// known is who the user is taken for, where an import sees somebody, or nobody.
func known(seems importer.Proposal, own []string) importer.Proposal {
	others := slices.DeleteFunc(slices.Clone(seems.Me), func(a string) bool { return slices.Contains(own, a) })
	switch {
	case len(own) == 0 || len(seems.Me) > 0 && len(others) == 0:
		return seems
	case seems.Said:
		return importer.Proposal{Me: own, Why: "as you have said before, which --me does not change"}
	case len(others) > 0:
		return importer.Proposal{Me: own, Why: "as known before; what was imported now looks like that of " + strings.Join(others, ", "), Candidates: seems.Candidates}
	}
	return importer.Proposal{Me: own, Why: "as known before"}
}
