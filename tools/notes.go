package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func notes() *Tool {
	return Of(attrove.ListNotes, Spec{
		Name: "attrove_notes", Title: "Notes", Toolset: Context,
		Description: "List saved notes, decisions and observations, newest first; with ref_type and ref_id those about one thing. " +
			"To find notes by content use attrove_search.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_note"}},
	})
}

func getNote() *Tool {
	return Of(attrove.GetNote, Spec{
		Name: "attrove_get_note", Title: "One note", Toolset: Context,
		Description: "Read one note in full, by its id from attrove_notes or a search.",
	})
}

func deleteNote() *Tool {
	return As[archiveArgs](attrove.DeleteNote, Spec{
		Name: "attrove_delete_note", Title: "Archive a note", Toolset: Capture,
		Description: "Archive a note so that it is found no more, by exactly one of id and external_id. It can be brought back. " +
			"Only when the user asked for it.",
		Asks: Asks{Will: "Archive the note %s, so that it is found no more?", After: "It can be brought back.", Thing: theNote()},
	}, archive("note_id", attrove.DeleteNote.Meta, attrove.DeleteNoteByExternalID.Meta), attrove.DeleteNoteByExternalID)
}
