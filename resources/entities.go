package resources

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

const entityPath = "entities/{entity_id}"

// entity is a contact.
func entity() *Resource {
	return &Resource{
		path: entityPath, title: "A contact", tool: "attrove_get_entity",
		description: "One contact: its addresses, and with whom it appears.",
		read:        readEntity, find: findEntities,
	}
}

// maxRelations is how many of a contact's relations its page shows.
const maxRelations = 25

func readEntity(ctx context.Context, r reading) (*page, []view.Notes, error) {
	var is shown[attrove.Entity]
	var knows shown[attrove.Page[attrove.Relationship]]
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		is, err = show(ctx, r, attrove.GetEntity, attrove.EntityRef{ID: r.id}, view.Brief, nil)
		return err
	})
	g.Go(func() (err error) {
		knows, err = show(ctx, r, attrove.ListRelationships, attrove.RelationshipsIn{EntityID: r.id, Limit: maxRelations}, view.Full,
			map[string]string{"": "attrove_relationships"})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	p := newPage(r, is.Value.Name)
	p.blank()
	p.field("Kind", words(is.Value.EntityType))
	p.field("Addresses", lines(is.Value.ExternalIDs))
	p.field("Id", code(is.Value.ID))
	if len(knows.Value.Data) > 0 {
		p.section("Appears with")
	}
	for _, k := range knows.Value.Data {
		other := k.EntityA
		if other.ID == is.Value.ID {
			other = k.EntityB
		}
		p.item(link(other.Name, address(entityPath, other.ID)), words(other.EntityType), with("last on", p.moment(orEmpty(k.LastInteractionAt))))
	}
	p.rest(knows.Paging, "attrove_relationships")
	return p, []view.Notes{is.Notes, knows.Notes}, nil
}

func findEntities(ctx context.Context, r reading, typed string) ([]thing, bool, error) {
	all, err := show(ctx, r, attrove.ListEntities, attrove.EntitiesIn{Query: typed, Cut: attrove.Cut{Limit: attrove.MaxLimit}}, view.Full, nil)
	if err != nil {
		return nil, false, err
	}
	var found []thing
	for _, e := range all.Value.Data {
		found = append(found, thing{id: e.ID, title: flat(e.Name)})
	}
	return found, all.Paging.HasMore, nil
}
