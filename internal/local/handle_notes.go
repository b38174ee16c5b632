package local

import (
	"context"
	"errors"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listNotes(ctx context.Context, who Caller, in attrove.NotesIn) (attrove.Page[attrove.Note], error) {
	if in.Offset > 0 && in.Cursor != "" {
		return attrove.Page[attrove.Note]{}, invalidRequest("offset", "does not go with cursor, which is the better way")
	}
	pages := pager[store.Note, attrove.Note]{
		list:     attrove.ListNotes.Meta,
		position: func(n store.Note) store.Position { return store.Position{At: n.CreatedAt, ID: n.ID} },
		show:     showNote,
	}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Note, error) {
		return who.core.store.Notes(ctx, who.User.ID, store.NoteFilter{IDs: in.IDs, RefType: string(in.RefType), RefID: in.RefID,
			After: after, Skip: in.Offset, Limit: limit})
	})
}

func getNote(ctx context.Context, who Caller, in attrove.NoteRef) (attrove.Note, error) {
	n, err := who.core.store.Note(ctx, who.User.ID, in.NoteID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Note{}, who.missing(ctx, "note", in.NoteID)
	}
	return showNote(n), err
}

func showNote(n store.Note) attrove.Note {
	return attrove.Note{ID: n.ID, Title: attrove.ForeignText(n.Title), Body: attrove.ForeignText(n.Body),
		RefType: attrove.RefType(n.RefType), RefID: n.RefID, Status: attrove.PushStatus(n.Status), IndexedAt: wireTimePointer(n.IndexedAt),
		CreatedAt: index.Time(n.CreatedAt), UpdatedAt: index.Time(n.UpdatedAt)}
}

func deleteNote(ctx context.Context, who Caller, in attrove.NoteRef) (attrove.Archived, error) {
	return who.archive(ctx, store.KindNote, in.NoteID)
}

func deleteNoteByExternalID(ctx context.Context, who Caller, in attrove.ExternalRef) (attrove.Archived, error) {
	return who.archiveExternal(ctx, store.KindNote, in.ExternalID)
}
