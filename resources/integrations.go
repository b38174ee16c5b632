package resources

import (
	"context"
	"fmt"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// integrations is what is connected.
func integrations() *Resource {
	return &Resource{
		path: "integrations", title: "Connected sources", tool: "attrove_integrations", priority: 0.3,
		description: "The connected services, whether each still syncs, and what the data reaches over.",
		read:        readIntegrations,
	}
}

func readIntegrations(ctx context.Context, r reading) (*page, []view.Notes, error) {
	all, err := show(ctx, r, attrove.ListIntegrations, attrove.None{}, view.Brief, nil)
	if err != nil {
		return nil, nil, err
	}
	p := newPage(r, "Connected sources")
	if len(all.Value.Data) == 0 {
		p.text("Nothing is connected yet.")
	}
	p.blank()
	for _, one := range all.Value.Data {
		syncs := "syncs"
		if !one.IsActive {
			syncs = "does not sync"
		}
		p.item(words(one.Provider), line(one.Name), syncs, words(one.AuthStatus), code(one.ID))
	}
	if c := all.Notes.Coverage; c != nil && len(c.Sources) > 0 {
		p.section("What there is")
		for _, s := range c.Sources {
			p.field(words(s.Source), fmt.Sprintf("%d, from %s to %s", s.Count, p.moment(s.First), p.moment(s.Last)))
		}
	}
	return p, []view.Notes{all.Notes}, nil
}
