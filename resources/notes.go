package resources

import (
	"context"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

const notePath = "notes/{note_id}"

// How many notes the client's list has, and how much of a note without a title
// stands for one.
const (
	listedNotes = 25
	shortTitle  = 60
)

// notes is the user's notes, newest first.
func notes() *Resource {
	return &Resource{
		path: "notes", title: "Notes", tool: "attrove_notes", priority: 0.5,
		description: "Saved notes, decisions and observations, newest first.",
		read:        readNotes,
	}
}

// note is one note in full.
func note() *Resource {
	return &Resource{
		path: notePath, title: "A note", tool: "attrove_get_note",
		description: "One saved note in full, and what it is about.",
		read:        readNote, find: findNotes, own: listedNotes,
	}
}

func listNotes(ctx context.Context, r reading, limit int) (shown[attrove.Page[attrove.Note]], error) {
	return show(ctx, r, attrove.ListNotes, attrove.NotesIn{Cut: attrove.Cut{Limit: limit}}, view.Full, map[string]string{"data[]": "attrove_get_note"})
}

func readNotes(ctx context.Context, r reading) (*page, []view.Notes, error) {
	all, err := listNotes(ctx, r, attrove.DefaultLimit)
	if err != nil {
		return nil, nil, err
	}
	p := newPage(r, "Notes")
	if len(all.Value.Data) == 0 {
		p.text("There are no notes yet. The tool `attrove_push_note` saves one.")
	}
	for _, n := range all.Value.Data {
		p.section(link(noteTitle(n), address(notePath, n.ID)))
		p.item(p.moment(n.CreatedAt), about(n))
		p.blank()
		p.quote("", n.Body)
	}
	p.rest(all.Paging, r.resource.tool)
	return p, []view.Notes{all.Notes}, nil
}

func readNote(ctx context.Context, r reading) (*page, []view.Notes, error) {
	is, err := show(ctx, r, attrove.GetNote, attrove.NoteRef{NoteID: r.id}, view.Full, nil)
	if err != nil {
		return nil, nil, err
	}
	n := is.Value
	p := newPage(r, noteTitle(n))
	p.blank()
	p.field("Written", p.moment(n.CreatedAt))
	if n.UpdatedAt != n.CreatedAt {
		p.field("Changed", p.moment(n.UpdatedAt))
	}
	p.field("About", about(n))
	p.field("Id", code(n.ID))
	p.section("Text")
	p.quote("", n.Body)
	return p, []view.Notes{is.Notes}, nil
}

// about is what a note is attached to, with a link where that can be read here.
func about(n attrove.Note) string {
	if n.RefID == "" {
		return ""
	}
	paths := map[attrove.RefType]string{"goal": goalPath, "meeting": meetingPath, "entity": entityPath}
	if path, here := paths[n.RefType]; here {
		return words(n.RefType) + " " + link(n.RefID, address(path, n.RefID))
	}
	return words(n.RefType) + " " + code(n.RefID)
}

// noteTitle is the title of a note, or else how it begins.
func noteTitle(n attrove.Note) attrove.ForeignText {
	if n.Title != "" {
		return n.Title
	}
	return attrove.ForeignText(short(flat(n.Body), shortTitle))
}

func findNotes(ctx context.Context, r reading, _ string) ([]thing, bool, error) {
	all, err := listNotes(ctx, r, attrove.MaxLimit)
	if err != nil {
		return nil, false, err
	}
	var found []thing
	for _, n := range all.Value.Data {
		description := "A note"
		if n.RefType != "" {
			description += " about a " + words(n.RefType)
		}
		found = append(found, thing{id: n.ID, title: flat(noteTitle(n)), description: description, priority: 0.4, modified: n.UpdatedAt})
	}
	return found, all.Paging.HasMore, nil
}
