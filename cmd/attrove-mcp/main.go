// Command attrove-mcp is an MCP server for the Attrove API, with an embedded
// engine that serves the same API from a file of the user's own.
package main

import (
	"os"
	_ "time/tzdata" // time zones work on machines that have no database of them
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
