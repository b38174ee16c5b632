package local

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listEntities(ctx context.Context, who Caller, in attrove.EntitiesIn) (attrove.Page[attrove.Entity], error) {
	who, err := who.withPersons(ctx)
	if err != nil {
		return attrove.Page[attrove.Entity]{}, err
	}
	pages := placePager[store.Entity, attrove.Entity, int64]{
		list:  attrove.ListEntities.Meta,
		place: func(e store.Entity) int64 { return e.Seq },
		show:  showEntity,
	}
	return pages.page(in.Cut, func(after *int64, limit int) ([]store.Entity, error) {
		filter := store.EntityFilter{Type: string(in.EntityType), Contains: in.Query, Limit: limit}
		if after != nil {
			filter.After = *after
		}
		return who.core.store.Entities(ctx, who.User.ID, filter)
	})
}

func getEntity(ctx context.Context, who Caller, in attrove.EntityRef) (attrove.Entity, error) {
	who, err := who.withPersons(ctx)
	if err != nil {
		return attrove.Entity{}, err
	}
	e, err := who.core.store.Entity(ctx, who.User.ID, in.ID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Entity{}, notFound("entity")
	}
	return showEntity(e), err
}

func showEntity(e store.Entity) attrove.Entity {
	ids := []attrove.ForeignText{}
	for _, id := range e.IDs() {
		ids = append(ids, attrove.ForeignText(id))
	}
	name := e.Name
	if name == "" && len(ids) > 0 {
		name = string(ids[0])
	}
	return attrove.Entity{ID: e.ID, Name: attrove.ForeignText(name), EntityType: attrove.EntityType(e.Type),
		ExternalIDs: ids, IsBot: e.Type == "bot"}
}
