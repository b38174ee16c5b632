package index

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What counts as a copy: a mail that went to several lists, or was sent again.
const (
	// copiedWithin is how soon copies follow each other. What says the same later is
	// of a series, and whoever looks for one looks for all of it.
	copiedWithin = time.Hour

	fewestCopied = 8 // words: whoever says less may well say it twice
)

// letter is what copies have in common: what one says, and what came with it.
type letter struct {
	store.Saying
	attached string
}

// once leaves out of messages, the best first, copies of better ones, and returns as
// many as a limit allows.
func (x *Index) once(ctx context.Context, user store.User, items []Item, limit int) ([]Item, error) {
	letters, err := x.letters(ctx, user, similar(items))
	if err != nil {
		return nil, err
	}
	var kept []Item
	sent := map[letter][]time.Time{}
	for _, item := range items {
		if len(kept) == limit {
			break
		}
		if l, ok := letters[item.ID]; ok {
			if slices.ContainsFunc(sent[l], item.near) {
				continue
			}
			sent[l] = append(sent[l], item.At)
		}
		kept = append(kept, item)
	}
	return kept, nil
}

func (i Item) near(at time.Time) bool { return i.At.Sub(at).Abs() < copiedWithin }

// similar are the ids of the items that may be copies as far as their best passages
// show: most searches find none, and read no message for it.
func similar(items []Item) []string {
	type look struct{ title, body string }
	of := map[look][]Item{}
	var ids []string
	for _, item := range items {
		p := item.Passages[0]
		l := look{p.Title, p.Body}
		i := slices.IndexFunc(of[l], func(other Item) bool { return item.near(other.At) })
		if i >= 0 && len(prose.Words(p.Body)) >= fewestCopied {
			ids = append(ids, item.ID, of[l][i].ID)
		}
		of[l] = append(of[l], item)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// letters are messages by their ids.
func (x *Index) letters(ctx context.Context, user store.User, ids []string) (map[string]letter, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	messages, err := x.store.Messages(ctx, user.ID, store.MessageFilter{IDs: ids, Limit: len(ids)})
	if err != nil {
		return nil, fmt.Errorf("compare what is alike: %w", err)
	}
	letters := make(map[string]letter, len(messages))
	for _, m := range messages {
		letters[m.ID] = letterOf(m, user)
	}
	return letters, nil
}

func letterOf(m store.Message, user store.User) letter {
	var l letter
	l.Title, l.By, l.Text = m.Subject, m.Sender(), strings.TrimSpace(m.BodyText+"\n"+m.QuotedText)
	if slices.Contains(user.Own(), m.SenderEmail) {
		l.By = store.Person{}
	}
	var meta struct {
		Attachments json.RawMessage `json:"attachments"`
	}
	if json.Unmarshal(m.Metadata, &meta) == nil { // there may be none
		l.attached = string(meta.Attachments)
	}
	return l
}
