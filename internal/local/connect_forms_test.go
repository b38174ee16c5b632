package local_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// TestPageTakesWhatImportTakes: the page and the command import by the same way.
func TestPageTakesWhatImportTakes(t *testing.T) {
	const calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nSUMMARY:Turbine review\r\nDTSTART:20261104T090000Z\r\nDTEND:20261104T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	for name, c := range map[string]struct {
		content, imported string
		provider          string
	}{
		"work.ics":            {calendar, "1 event", "calendar"},
		"2026-11-02 call.vtt": {"WEBVTT\n\n00:01.000 --> 00:02.000\nDana: The turbine is late.\n", "1 meeting", "meeting"},
		"minutes.md":          {"# Board 2026-11-02\n\nThe turbine is late.", "1 note", "note"},
		"takeout.zip":         {zipped(t, "Takeout/Calendar/work.ics", calendar), "1 event", "calendar"},
		"message.eml":         {"Subject: Turbine\nFrom: a@a.example\nMessage-ID: <1@a>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nIt is late.", "1 message", "email"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Path = filepath.Join(t.TempDir(), "a.db")
			s := serveSite(t, o)
			done := s.finish(t, s.send(t, s.form(t, s.session(t), name, c.content)))
			assert.Contains(t, done.body, "<dd>"+c.imported+"<")
			connected := call(t, s.fixture, attrove.ListIntegrations, attrove.None{}).Data
			require.Len(t, connected, 1)
			assert.Equal(t, c.provider, connected[0].Provider)
			noUploads(t, o.Path)
		})
	}
}

// A note that was written long ago is not of today.
func TestNotesKeepTheirDate(t *testing.T) {
	f := start(t, options())
	id := call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "x", Metadata: attrove.Object{attrove.MetaWrittenAt: "2024-01-31T00:00:00Z"}}).ID
	require.NoError(t, f.engine.Drain(t.Context()))
	assert.EqualValues(t, "2024-01-31T00:00:00Z", call(t, f, attrove.GetNote, attrove.NoteRef{NoteID: id}).CreatedAt)
}
