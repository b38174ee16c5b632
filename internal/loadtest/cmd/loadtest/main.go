// Command loadtest compares what a call costs through attrove-mcp and through
// others, all on this machine. See package loadtest.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/alecthomas/kong"

	"github.com/attrove/attrove-mcp/internal/loadtest"
)

type commands struct {
	Compare  compare  `cmd:"" default:"withargs" help:"Measure in rounds, and print a table."`
	Streams  streams  `cmd:"" help:"Measure what open streams take, and how long it takes to tell all of a change."`
	Upstream upstream `cmd:"" help:"Serve the stand-in for Attrove's API."`
	Minimal  minimal  `cmd:"" help:"Serve the least that mcp-go makes of the same tool."`
	Hop      hop      `cmd:"" help:"Serve the upstream's answers, unchanged."`
}

type compare struct {
	Product string        `arg:"" help:"The binary of attrove-mcp." type:"existingfile"`
	Rounds  int           `help:"Medians are of so many." default:"7"`
	Calls   int           `help:"Calls of each target in a round." default:"4000"`
	Callers []int         `help:"How many call at a time." default:"1,16,64"`
	Delay   time.Duration `help:"What the upstream takes to answer." default:"0s"`
	Engine  bool          `help:"The upstream is the embedded engine with its sample, not a stand-in that answers 4 KB."`
	Modern  bool          `help:"Speak the protocol of 2026-07-28, not that of 2025-11-25."`
}

// Run prints the table.
func (c *compare) Run(ctx context.Context) error {
	helper, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this binary: %w", err)
	}
	scene, err := loadtest.Open(ctx, loadtest.Setting{Product: c.Product, Helper: helper, Delay: c.Delay, Engine: c.Engine, Modern: c.Modern})
	if err != nil {
		return err
	}
	defer scene.Close()
	rows, err := loadtest.Compare(ctx, loadtest.Plan{Rounds: c.Rounds, Calls: c.Calls, Callers: c.Callers},
		scene.Minimal, scene.Product, scene.Hop, scene.Direct)
	if err != nil {
		return err
	}
	return loadtest.Print(os.Stdout, rows)
}

type streams struct {
	Product string `arg:"" help:"The binary of attrove-mcp." type:"existingfile"`
	Streams int    `help:"How many." default:"10000"`
	Users   int    `help:"Of so many users." default:"1000"`
	Nudges  int    `help:"How often all are told." default:"5"`
}

// Run prints what was measured.
func (c *streams) Run(ctx context.Context) error {
	helper, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this binary: %w", err)
	}
	start := time.Now()
	open, err := loadtest.OpenStreams(ctx, loadtest.Setting{Product: c.Product, Helper: helper}, c.Users, c.Streams)
	if err != nil {
		return err
	}
	defer open.Close()
	took := time.Since(start)
	each, err := open.Each()
	if err != nil {
		return err
	}
	fmt.Printf("%d streams of %d users: opened in %s, %.1f KB each\n", c.Streams, c.Users, took.Round(time.Millisecond), float64(each)/1024)
	for range c.Nudges {
		before, err := open.Product.CPU()
		if err != nil {
			return err
		}
		took, err := open.Nudge(ctx)
		if err != nil {
			return err
		}
		after, err := open.Product.CPU()
		if err != nil {
			return err
		}
		if each, err = open.Each(); err != nil {
			return err
		}
		fmt.Printf("all were told in %s, with %s of CPU; %.1f KB each\n", took.Round(time.Millisecond), (after - before).Round(time.Millisecond), float64(each)/1024)
	}
	return nil
}

type upstream struct {
	Delay time.Duration `help:"What an answer takes."`
}

// Run serves.
func (c *upstream) Run(ctx context.Context) error {
	h, err := loadtest.Upstream(c.Delay)
	if err != nil {
		return err
	}
	return serve(ctx, h)
}

type behind struct {
	Upstream string `help:"Where calls go on to." required:""`
	User     string `help:"Whose."`
	Key      string `help:"With this key."`
}

type minimal struct{ behind }

// Run serves.
func (c *minimal) Run(ctx context.Context) error {
	h, err := loadtest.Minimal(c.Upstream, c.User, c.Key)
	if err != nil {
		return err
	}
	return serve(ctx, h)
}

type hop struct{ behind }

// Run serves.
func (c *hop) Run(ctx context.Context) error { return serve(ctx, loadtest.Hop(c.Upstream, c.Key)) }

// serve serves on a free port of this machine, and says which.
func serve(ctx context.Context, h http.Handler) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	fmt.Printf("listening: http://%s\n", l.Addr())
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); ctx.Err() == nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	k := kong.Parse(&commands{}, kong.Name("loadtest"), kong.BindTo(ctx, (*context.Context)(nil)))
	k.FatalIfErrorf(k.Run())
}
