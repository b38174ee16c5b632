package answer

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

var gatheringWord = regexp.MustCompile(`(?i)\b` + gathering + `\b`)

// minuted are the notes of a period that somebody took in a meeting, by their titles,
// newest first.
func (a *Answerer) minuted(ctx context.Context, q question, from, to time.Time) ([]store.Note, error) {
	const most = 500 // notes that are looked at
	notes, err := a.store.Notes(ctx, q.user.ID, store.NoteFilter{Limit: most})
	if err != nil {
		return nil, err
	}
	notes = slices.DeleteFunc(notes, func(n store.Note) bool {
		return n.CreatedAt.Before(from) || n.CreatedAt.After(to) || !q.wants(n.IntegrationID) || !gatheringWord.MatchString(n.Title)
	})
	slices.SortStableFunc(notes, func(x, y store.Note) int { return y.CreatedAt.Compare(x.CreatedAt) })
	return notes, nil
}

// recapOfNote is what there is of a meeting of which somebody took minutes.
func (q question) recapOfNote(n store.Note) []line {
	d := digest.NewReader().Note(n)
	src := speech.Source{Kind: store.KindNote, ID: n.ID, Title: n.Title, Snippet: speech.Clip(n.Title)}
	lines := []line{{{n.Title + " on " + q.on(n.CreatedAt) + ".", src}}}
	for _, s := range d.Points {
		lines = append(lines, q.quote(s))
	}
	for _, s := range d.Decisions {
		lines = append(lines, q.quote(s.Statement).led("Decided: "))
	}
	for _, s := range d.Actions {
		lead := "To do: "
		if s.Owner != "" {
			lead = "To do for " + s.Owner + ": "
		}
		lines = append(lines, line{{lead + speech.Clip(s.Text), s.Cited()}})
	}
	if len(lines) == 1 {
		for _, s := range d.Gist {
			lines = append(lines, q.quote(s))
		}
	}
	return lines
}
