package main

import (
	"fmt"
	"runtime"

	"github.com/attrove/attrove-mcp/internal/project"
)

type versionCommand struct{}

// Run prints one line.
func (versionCommand) Run(a *app) error {
	b := project.ThisBuild()
	revision := ""
	if b.Revision != "" {
		revision = " (" + b.Revision[:min(12, len(b.Revision))]
		if b.Modified {
			revision += ", modified"
		}
		revision += ")"
	}
	_, err := fmt.Fprintf(a.out, "%s %s%s %s %s/%s\n", project.Name, b.Version, revision, b.Go, runtime.GOOS, runtime.GOARCH)
	return err
}
