// Package transport carries the server's messages: over standard input and
// output for one user, over streamable HTTP for callers who each bring their key.
package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"
)

// Calls at a time over standard input; further ones wait in the queue.
const (
	stdioWorkers = 16
	stdioQueue   = 1000
)

// ServeStdio serves one client over in and out, until in ends and every request
// is answered, or ctx does. Both are success.
func ServeStdio(ctx context.Context, s *server.MCPServer, in io.Reader, out io.Writer, logger zerolog.Logger) error {
	stdio := server.NewStdioServer(s)
	for _, option := range []server.StdioOption{
		server.WithWorkerPoolSize(stdioWorkers),
		server.WithQueueSize(stdioQueue),
		server.WithErrorLogger(log.New(quiet{logger, "stdio"}, "", 0)),
	} {
		option(stdio)
	}
	pending := newPending()
	err := stdio.Listen(ctx, &drainingReader{ctx: ctx, in: in, pending: pending}, &answerWriter{out: out, pending: pending})
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("serve standard input: %w", err)
	}
	return nil
}

// quiet logs what a library says went wrong without its details: those may hold
// what a client sent.
type quiet struct {
	log   zerolog.Logger
	where string
}

func (q quiet) Write(line []byte) (int, error) {
	what, _, _ := strings.Cut(string(line), ":")
	q.log.Warn().Str("what", strings.TrimSpace(what)).Msg(q.where)
	return len(line), nil
}
