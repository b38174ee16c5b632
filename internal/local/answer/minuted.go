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

// gatheringWord is what the titles of minutes have.
var gatheringWord = regexp.MustCompile(`(?i)\b(?:` + gathering + `|minutes)\b`)

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

// noted reads the statements of a note; of minutes, each by whom it is of.
func (a *Answerer) noted(n store.Note) []speech.Statement {
	if gatheringWord.MatchString(n.Title) {
		return a.digests.Minuted(n)
	}
	return a.reader.FromNote(n)
}

// asksPresence reports whether a question about a meeting is who was there.
func (q question) asksPresence() bool {
	text := speech.Plain(q.text)
	return speech.HasAny(text, "who") && speech.HasAny(text, "attended|present|joined|participated|took part|was at|was in|were at|were in|was there|were there|else was")
}

// recapOfNote is what there is of a meeting of which somebody took minutes.
func (a *Answerer) recapOfNote(q question, n store.Note) []line {
	d := a.digests.Note(n)
	src := speech.Source{Kind: store.KindNote, ID: n.ID, Title: n.Title, Snippet: speech.Clip(n.Title)}
	head := n.Title + " on " + q.on(n.CreatedAt)
	if q.asksPresence() {
		there := digest.Present(n)
		if len(there) == 0 {
			return nil
		}
		return []line{{{head + ", with " + everybody(there) + ".", src}}}
	}
	lines := []line{{{head + ".", src}}}
	add := func(lead string, s speech.Statement) {
		lines = append(lines, line{{lead + speech.Clip(s.Text), s.Cited()}})
	}
	for _, s := range d.Points {
		add("", s)
	}
	for _, s := range d.Decisions {
		add("Decided: ", s.Statement)
	}
	for _, s := range d.Actions {
		lead := "To do: "
		if s.Owner != "" {
			lead = "To do for " + s.Owner + ": "
		}
		add(lead, s.Statement)
	}
	if len(lines) == 1 {
		for _, s := range d.Gist {
			add("", s)
		}
	}
	return lines
}
