package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/tools"
)

// maxArguments is the most that call reads from standard input.
const maxArguments = 16 << 20

type callCommand struct {
	Backend   config.Backend   `embed:""`
	Offer     config.Offer     `embed:""`
	Secrets   config.Secrets   `embed:""`
	Decisions config.Decisions `embed:""`
	Yes       bool             `help:"Do not ask for confirmation, as with --confirm=allow."`
	Tool      string           `arg:"" optional:"" help:"The tool's name, such as attrove_search."`
	Arguments string           `arg:"" optional:"" help:"A JSON object; - reads it from standard input." default:"{}"`
	List      bool             `help:"List the tools instead."`
}

// Run calls the tool and prints its result as indented JSON.
func (c *callCommand) Run(ctx context.Context, a *app) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	arguments, err := c.arguments(a.in)
	if err != nil {
		return err
	}
	inventory, err := c.inventory()
	if err != nil {
		return err
	}
	b, err := a.open(c.Backend)
	if err != nil {
		return err
	}
	b.keepSecrets(c.Secrets)
	if c.Yes {
		c.Decisions.Confirm = string(gate.Allow)
	}
	b.confirm(c.Decisions)
	defer func() { err = errors.Join(err, b.close()) }()
	s, err := a.connect(ctx, b, inventory, a.asking()...)
	if err != nil {
		return err
	}
	if c.List {
		return list(ctx, a.out, s)
	}
	content, err := s.call(ctx, c.Tool, arguments)
	var failed *toolError
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	var pretty bytes.Buffer
	if indentErr := json.Indent(&pretty, content, "", "  "); indentErr != nil {
		return fmt.Errorf("print result: %w", indentErr)
	}
	pretty.WriteByte('\n')
	if _, printErr := pretty.WriteTo(a.out); printErr != nil {
		return fmt.Errorf("print result: %w", printErr)
	}
	return err
}

// inventory is all tools unless some are chosen: whoever names a tool here has
// no context that the others could fill.
func (c *callCommand) inventory() (gate.Inventory, error) {
	wanted := selection(c.Offer)
	if len(wanted.Toolsets) == 0 && len(wanted.Tools) == 0 {
		wanted.Toolsets = []string{gate.AllToolsets}
	}
	return offer(wanted)
}

func (c *callCommand) check() error {
	switch {
	case c.Yes && c.Decisions.Confirm == string(gate.Deny):
		return usagef("call: --yes allows what --confirm=deny denies; leave one of them out")
	case c.List:
		return nil
	case c.Tool == "":
		return usagef("call: name a tool, or list them with --list")
	}
	var names []string
	for _, tool := range tools.Catalog() {
		names = append(names, tool.Name())
	}
	if slices.Contains(names, c.Tool) {
		return nil
	}
	if near := schema.Nearest(c.Tool, names); near != "" {
		return usagef("call: there is no tool %q; did you mean %s?", c.Tool, near)
	}
	return usagef("call: there is no tool %q; list them with --list", c.Tool)
}

func (c *callCommand) arguments(in io.Reader) (json.RawMessage, error) {
	raw := []byte(c.Arguments)
	if c.Arguments == "-" {
		var err error
		if raw, err = io.ReadAll(io.LimitReader(in, maxArguments)); err != nil {
			return nil, fmt.Errorf("read arguments: %w", err)
		}
	}
	raw = bytes.TrimSpace(raw)
	if !json.Valid(raw) || raw[0] != '{' {
		return nil, usagef(`call: arguments must be a JSON object such as '{"query": "renewal"}'`)
	}
	return raw, nil
}

func list(ctx context.Context, out io.Writer, s *session) error {
	listed, err := s.client.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return fmt.Errorf("list tools: %w", err)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, tool := range listed.Tools {
		if _, err := fmt.Fprintf(w, "%s\t%s\n", tool.Name, tool.Annotations.Title); err != nil {
			return fmt.Errorf("list tools: %w", err)
		}
	}
	return w.Flush()
}
