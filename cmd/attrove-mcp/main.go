// Command attrove-mcp is an MCP server for the Attrove API, with an embedded
// engine that serves the same API from a file of the user's own.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones work on machines that have no database of them
)

func main() { os.Exit(untilTold(os.Args[1:])) }

// untilTold runs a command line until it is done or the process is told to stop.
func untilTold(args []string) int {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-told
		signal.Stop(told) // before anybody can see that it ends: a second signal ends the process at once
		end()
	}()
	return run(ctx, args, os.Stdin, os.Stdout, os.Stderr)
}
