package main

import (
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/tools"
)

// selection is what o asks for of the tools.
func selection(o config.Offer) gate.Selection {
	return gate.Selection{Toolsets: o.Toolsets, Tools: o.Tools, Exclude: o.ExcludeTools, ReadOnly: o.ReadOnly}
}

// offer is the inventory of a selection. What is wrong with it is its writer's.
func offer(s gate.Selection) (gate.Inventory, error) {
	inventory, err := gate.Select(tools.Catalog(), s)
	if err != nil {
		return gate.Inventory{}, usageError{err}
	}
	return inventory, nil
}
