package resources

import (
	"context"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Entry is a line of the list that a client shows.
type Entry struct {
	URI         string
	Name        string
	Title       string
	Description string
	Priority    float64 // from 0 to 1
	Modified    attrove.DateTime
}

// maxTitle is how many characters of a title a list shows.
const maxTitle = 100

// short is the beginning of text.
func short(text string, size int) string {
	if utf8.RuneCountInString(text) <= size {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:size])) + "…"
}

// Fixed lists the resources that everybody has.
func (l *Library) Fixed() []Entry {
	var all []Entry
	for _, r := range l.all {
		if !r.Templated() {
			all = append(all, Entry{URI: r.URI(), Name: r.path, Title: r.title, Description: r.description, Priority: r.priority})
		}
	}
	return all
}

// Own lists what who has: goals, active ones first, and the latest notes. It is a
// part of all there is; a page of goals or notes says how to get at the rest. What
// could be had is there beside an error, too.
func (l *Library) Own(ctx context.Context, who attrove.Caller) ([]Entry, error) {
	lists := make([][]Entry, len(l.all))
	var g errgroup.Group // without a context that ends: the others go on
	for i, r := range l.all {
		if r.own == 0 {
			continue
		}
		g.Go(func() error {
			found, _, err := r.find(ctx, newReading(ctx, l.env, who, r), "")
			for _, t := range found[:min(len(found), r.own)] {
				uri := address(r.path, t.id)
				lists[i] = append(lists[i], Entry{URI: uri, Name: uri[len(scheme):], Title: short(t.title, maxTitle), Description: t.description,
					Priority: t.priority, Modified: t.modified})
			}
			return err
		})
	}
	err := g.Wait()
	var all []Entry
	for _, list := range lists {
		all = append(all, list...)
	}
	return all, err
}
