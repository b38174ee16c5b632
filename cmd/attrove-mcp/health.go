package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// healthTimeout is less than what orchestrators wait for a check.
const healthTimeout = 3 * time.Second

type healthCommand struct {
	URL string `arg:"" optional:"" help:"The URL that answers 200 when all is well." default:"http://127.0.0.1:8787/healthz"`
}

// Run asks whether a server is well. It is for images that have no other program
// to ask with.
func (c *healthCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return usageError{fmt.Errorf("health: %w", err)}
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer reply.Body.Close() //nolint:errcheck // it is only read
	if reply.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(reply.Body, 1<<10)) // as far as it came
		return fmt.Errorf("health: %s: %s", reply.Status, said)
	}
	return nil
}
