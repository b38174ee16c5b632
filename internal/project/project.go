// Package project holds the facts under which attrove-mcp is published.
package project

import "runtime/debug"

// Owner is whose name stands in everything published: the module path, the
// container image and the registry entry.
const Owner = "attrove"

// What is derived from Owner.
const (
	Name   = "attrove-mcp"
	Module = "github.com/" + Owner + "/" + Name
	Home   = "https://" + Module

	RegistryName = "io.github." + Owner + "/" + Name // in the MCP registry
)

// How it presents itself.
const (
	Title   = "Attrove"
	Summary = "The user's mail, chat, meetings, calendar and notes, through Attrove's API." // at most 100 characters
	License = "Apache-2.0"
)

// Build is which build of the program this is.
type Build struct {
	Version  string // a release such as v1.2.3, or "devel"
	Revision string // of the source; empty when unknown
	Modified bool   // the source was changed after that revision
	Go       string // the toolchain
}

// ThisBuild reads what the Go toolchain recorded in the running program.
func ThisBuild() Build {
	b := Build{Version: "devel"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}
