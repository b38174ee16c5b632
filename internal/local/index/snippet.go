package index

import (
	"strings"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// bestWindow is the stretch of text of about snippetLen bytes that holds the
// most different words of the query, the earliest of equals.
func bestWindow(text, query string) string {
	wanted := map[string]bool{}
	for _, t := range prose.Terms(query) {
		wanted[t] = true
	}
	type place struct {
		at   int
		term string
	}
	var places []place
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], ' ')
		if end < at {
			end = len(text)
		}
		for _, w := range prose.Words(text[at:end]) {
			if s := prose.Stem(w); wanted[s] {
				places = append(places, place{at, s})
			}
		}
		at = end + 1
	}
	start, most := 0, 0
	for i := range places {
		seen := map[string]bool{}
		for _, p := range places[i:] {
			if p.at-places[i].at > snippetLen*3/4 {
				break
			}
			seen[p.term] = true
		}
		if len(seen) > most {
			start, most = places[i].at, len(seen)
		}
	}
	return window(text, start)
}

// window cuts text at words, a little before start.
func window(text string, start int) string {
	prefix, suffix := "", ""
	if start -= snippetLen / 8; start <= 0 {
		start = 0
	} else {
		start += strings.IndexByte(text[start:], ' ') + 1
		prefix = "…"
	}
	end := min(start+snippetLen, len(text))
	if end < len(text) {
		if space := strings.LastIndexByte(text[start:end], ' '); space > 0 {
			end = start + space
		}
		for !utf8.RuneStart(text[end]) { // text without spaces
			end--
		}
		suffix = "…"
	}
	for start < end && !utf8.RuneStart(text[start]) {
		start++
	}
	return prefix + text[start:end] + suffix
}
