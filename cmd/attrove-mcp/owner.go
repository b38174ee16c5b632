package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/dustin/go-humanize"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/local"
)

// comma writes a figure for people.
func comma(n int) string { return humanize.Comma(int64(n)) }

// owned opens a database that is there, for the person whose data is in it, and
// closes it again after use.
func (a *app) owned(ctx context.Context, data config.Data, use func(*local.Owner) error) (err error) {
	engineConfig := data.Engine()
	if _, err := os.Stat(engineConfig.Path()); errors.Is(err, fs.ErrNotExist) {
		return usagef("there is no database %s: nothing was imported, or --db FILE is another", engineConfig.Path())
	}
	options, err := a.engineOptions(engineConfig)
	if err != nil {
		return err
	}
	engine := local.New(options)
	defer func() { err = errors.Join(err, engine.Close()) }()
	owner, err := engine.Owner(ctx)
	if err != nil {
		return err
	}
	return use(owner)
}

type exportCommand struct {
	Data   config.Data `embed:""`
	Output string      `short:"o" help:"Where to write it: a new file that only you can read. Without it, standard output." placeholder:"FILE"`
}

// Run writes all of the user's data as lines of JSON.
func (c *exportCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		if c.Output == "" {
			return export(ctx, owner, a.out)
		}
		lines, err := exportFile(ctx, owner, c.Output)
		if err == nil {
			a.say("%s lines are in %s. They are everything: keep them as you keep the mail itself.\n", comma(lines), c.Output)
		}
		return err
	})
}

func export(ctx context.Context, owner *local.Owner, to io.Writer) error {
	buffered := bufio.NewWriter(to)
	if _, err := owner.Export(ctx, buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// exportFile exports to a new file, of which it leaves nothing if it fails.
func exportFile(ctx context.Context, owner *local.Owner, name string) (lines int, err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return 0, usagef("-o %s: exists already and is not overwritten: name a new file", name)
	}
	if err != nil {
		return 0, usageError{fmt.Errorf("-o: %w", err)}
	}
	buffered := bufio.NewWriter(file)
	lines, err = owner.Export(ctx, buffered)
	if err == nil {
		err = errors.Join(buffered.Flush(), file.Sync())
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, errors.Join(fmt.Errorf("export: %w", err), os.Remove(name))
	}
	return lines, nil
}
