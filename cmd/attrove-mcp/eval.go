package main

import (
	"context"
	"fmt"

	"github.com/attrove/attrove-mcp/internal/local/eval"
)

type evalCommand struct {
	Dir string `arg:"" help:"The directory that holds eval-dev and the mail and transcripts that its queries are about." type:"existingdir"`
}

// Run prints a table of how well known items are found.
func (c *evalCommand) Run(ctx context.Context, a *app) error {
	report, err := eval.Run(ctx, c.Dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.out, report)
	return err
}
