package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// Selection is what whoever runs a server wants of the catalogue, by name.
type Selection struct {
	Toolsets []string // also default and all; none are the default ones, unless Tools names some
	Tools    []string // single tools besides
	Exclude  []string // tools that are off whatever else is said
	ReadOnly bool     // only tools that change nothing
	Remote   bool     // only tools that a user's own key is enough for
}

// The names that stand for several toolsets.
const (
	DefaultToolsets = "default"
	AllToolsets     = "all"
)

// Inventory says which tools are on, and why the others are off. What is
// listed and what may be called both follow from it.
type Inventory struct {
	all      []*tools.Tool
	off      map[string]view.Problem
	readOnly bool
}

// Everything is an inventory in which every tool is on.
func Everything(catalog []*tools.Tool) Inventory { return Inventory{all: catalog} }

// Select returns the inventory that s makes of catalog. Its errors are for
// whoever wrote the selection, and name the flags of the command line.
func Select(catalog []*tools.Tool, s Selection) (Inventory, error) {
	s.Toolsets, s.Tools, s.Exclude = named(s.Toolsets), named(s.Tools), named(s.Exclude)
	if err := s.check(catalog, flags()); err != nil {
		return Inventory{}, err
	}
	inventory := Inventory{all: catalog, off: map[string]view.Problem{}, readOnly: s.ReadOnly}
	for _, t := range catalog {
		if why, off := s.off(t); off {
			why.Code = CodeDisabled
			inventory.off[t.Name()] = why
		}
	}
	return inventory, inventory.check(flags())
}

// ReadOnly reports whether it was asked for that nothing be changed.
func (i Inventory) ReadOnly() bool { return i.readOnly }

// on reports whether a tool is on.
func (i Inventory) on(name string) bool {
	_, off := i.off[name]
	return !off
}

// check refuses an inventory in which no tool is on.
func (i Inventory) check(names Names) error {
	if len(i.off) == len(i.all) {
		return fmt.Errorf("no tool is left: choose others with %s or %s, or exclude fewer", names.Toolsets, names.Tools)
	}
	return nil
}

// named drops the empty names that a host's unfilled setting leaves.
func named(list []string) []string {
	var names []string
	for _, name := range list {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// check refuses names that do not exist.
func (s Selection) check(catalog []*tools.Tool, called Names) error {
	toolsets := []string{DefaultToolsets, AllToolsets}
	for _, set := range tools.Toolsets() {
		toolsets = append(toolsets, string(set))
	}
	var names []string
	for _, t := range catalog {
		names = append(names, t.Name())
	}
	for _, list := range []struct {
		called, kind string
		given        []string
		known        []string
	}{
		{called.Toolsets, "toolset", s.Toolsets, toolsets},
		{called.Tools, "tool", s.Tools, names},
		{called.Exclude, "tool", s.Exclude, names},
	} {
		for _, name := range list.given {
			if !slices.Contains(list.known, name) {
				return unknown(list.called, list.kind, name, list.known)
			}
		}
	}
	if s.Remote {
		return s.checkRemote(catalog)
	}
	return nil
}

// checkRemote refuses tools that are asked for by name and can never be on.
func (s Selection) checkRemote(catalog []*tools.Tool) error {
	for _, t := range catalog {
		set := string(t.Toolset())
		asked := slices.Contains(s.Toolsets, set) || slices.Contains(s.Tools, t.Name())
		if asked && t.Partner() {
			return fmt.Errorf("%s (toolset %s) needs a partner's credentials, which are never taken over HTTP; use stdio or call", t.Name(), set)
		}
	}
	return nil
}

func unknown(called, kind, name string, known []string) error {
	if near := schema.Nearest(name, known); near != "" {
		return fmt.Errorf("%s: there is no %s %q; did you mean %s?", called, kind, name, near)
	}
	if kind == "toolset" {
		return fmt.Errorf("%s: there is no toolset %q; there are %s", called, name, strings.Join(known, ", "))
	}
	return fmt.Errorf("%s: there is no tool %q; list them with `attrove-mcp call --list`", called, name)
}

// off says why a tool is off, and how to turn it on.
func (s Selection) off(t *tools.Tool) (why view.Problem, off bool) {
	switch name := t.Name(); {
	case s.Remote && t.Partner():
		return view.Problem{
			Message: name + " needs a partner's credentials, which are never taken over HTTP",
			Next:    "Go on without it. The operator can use it with `attrove-mcp stdio` or `attrove-mcp call`.",
		}, true
	case s.ReadOnly && !t.Hints().ReadOnly:
		return view.Problem{
			Message: name + " changes something, and this server is read-only",
			Next:    "Go on without it, or ask the user to start the server without --read-only (ATTROVE_MCP_READ_ONLY).",
		}, true
	case slices.Contains(s.Exclude, name):
		return view.Problem{
			Message: name + " is excluded on this server",
			Next:    "Go on without it, or ask the user to take it off --exclude-tools (ATTROVE_MCP_EXCLUDE_TOOLS).",
		}, true
	case !s.chosen(t):
		return view.Problem{
			Message: name + " is switched off on this server",
			Next:    "Go on without it, or ask the user to start the server with " + s.with(t) + ".",
		}, true
	}
	return view.Problem{}, false
}

// chosen reports whether a tool is among the toolsets or tools that were named.
func (s Selection) chosen(t *tools.Tool) bool {
	if slices.Contains(s.Tools, t.Name()) {
		return true
	}
	if len(s.Toolsets) == 0 {
		return len(s.Tools) == 0 && t.Toolset().Default()
	}
	return slices.ContainsFunc(s.Toolsets, func(set string) bool { return belongs(t, set) })
}

// belongs reports whether a tool is in a toolset, or in one that set stands for.
func belongs(t *tools.Tool, set string) bool {
	return set == AllToolsets || set == string(t.Toolset()) || set == DefaultToolsets && t.Toolset().Default()
}

// with is the flag that would turn a tool on beside what is on.
func (s Selection) with(t *tools.Tool) string {
	if len(s.Toolsets) == 0 && len(s.Tools) > 0 {
		return "--tools " + strings.Join(append(slices.Clone(s.Tools), t.Name()), ",") + " (ATTROVE_MCP_TOOLS)"
	}
	sets := slices.Clone(s.Toolsets)
	if len(sets) == 0 {
		sets = []string{DefaultToolsets}
	}
	return "--toolsets " + strings.Join(append(sets, string(t.Toolset())), ",") + " (ATTROVE_MCP_TOOLSETS)"
}
