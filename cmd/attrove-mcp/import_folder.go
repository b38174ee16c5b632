package main

import (
	"context"
	"sync"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/importer"
)

// importOnUse has a folder imported beside the server. It begins when a caller
// is first asked for and not before: hosts start servers to look at them and
// kill them again. The function it returns ends the import and waits for that;
// the next start goes on from there.
func (a *app) importOnUse(ctx context.Context, b *backend, folder string, me []string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var (
		caller = b.caller
		begin  sync.Once
		runs   sync.WaitGroup
	)
	b.caller = func(call context.Context) (attrove.Caller, error) {
		begin.Do(func() { runs.Go(func() { a.importFolder(ctx, b, caller, folder, me) }) })
		return caller(call)
	}
	return func() {
		cancel()
		begin.Do(func() {}) // none begins from here on
		runs.Wait()
	}
}

// importFolder imports a folder. Nobody waits for it: the log says how it went.
func (a *app) importFolder(ctx context.Context, b *backend, caller gate.CallerSource, folder string, me []string) {
	who, err := caller(ctx)
	var summary importer.Summary
	var options importer.Options
	if err == nil {
		options, err = importOptions(ctx, b, who, logReporter{a.log}, me, folder)
	}
	if err == nil {
		summary, err = importer.Run(ctx, options)
	}
	if err == nil {
		_, err = a.settle(ctx, b, summary.Me)
	}
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		a.log.Warn().Err(err).Msg("import")
	}
	a.log.Info().Int("found", summary.Found()).Int("imported", summary.New()).Int("failed", summary.Failed).Msg("import")
}

// logReporter puts what an import notes into the log.
type logReporter struct{ log zerolog.Logger }

// Progress implements importer.Reporter.
func (logReporter) Progress(importer.Progress) {}

// Note implements importer.Reporter.
func (r logReporter) Note(line string) { r.log.Info().Msg(line) }
