package main

import "github.com/attrove/attrove-mcp/internal/bundle"

type manifestDocsCommand struct {
	Release bundle.Release `help:"The version that is released, such as v1.2.3." default:"0.0.0" placeholder:"VERSION"`
	System  bundle.System  `help:"The operating system that the bundle is for, darwin, linux or windows; else all of them." placeholder:"NAME"`
}

// Run prints the manifest.
func (c *manifestDocsCommand) Run(a *app) error {
	raw, err := bundle.Manifest(c.Release, c.System)
	if err != nil {
		return err
	}
	_, err = a.out.Write(raw)
	return err
}

type serverDocsCommand struct {
	Release bundle.Release `help:"The version that is released, such as v1.2.3." default:"0.0.0" placeholder:"VERSION"`
	Bundles []string       `arg:"" optional:"" name:"bundle" help:"The release's .mcpb files, which become its packages." type:"existingfile"`
}

// Run prints the registry entry.
func (c *serverDocsCommand) Run(a *app) error {
	raw, err := bundle.Entry(c.Release, c.Bundles...)
	if err != nil {
		return err
	}
	_, err = a.out.Write(raw)
	return err
}
