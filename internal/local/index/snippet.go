package index

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// telling is the text of an item that shows best why it was found: of its best
// passages the one with the most words of the query, the first of equals. All
// passages of a meeting match its title, and then the summary tells most.
func telling(item Item, w wanted) string {
	const passages = 4
	best := item.Passages[0]
	if len(item.Passages) == 1 {
		return best.Body
	}
	most := -1
	for _, p := range item.Passages[:min(len(item.Passages), passages)] {
		has := map[int]bool{}
		for stem := range prose.Stems(p.Body) {
			for _, m := range w.ofStem[stem] {
				has[m.word] = true
			}
		}
		if n := len(has); n > most || n == most && p.Seq < best.Seq {
			best, most = p, n
		}
	}
	return best.Body
}

// snippet is the part of a passage that shows best why it was found.
func snippet(passage string, w wanted) string {
	text := strings.Join(strings.Fields(passage), " ")
	if len(text) <= snippetLen {
		return text
	}
	return bestWindow(text, w)
}

// bestWindow is the stretch of text of about snippetLen bytes that holds the
// most different words that are wanted, the earliest of equals.
func bestWindow(text string, w wanted) string {
	type place struct{ at, word int }
	var places []place
	for r := range prose.Runs(text) {
		for at, stem := range stemsOf(r) {
			for _, m := range w.ofStem[stem] {
				places = append(places, place{at, m.word})
			}
		}
	}
	start, most := 0, 0
	for i := range places {
		seen := map[int]bool{}
		for _, p := range places[i:] {
			if p.at-places[i].at > snippetLen*3/4 {
				break
			}
			seen[p.word] = true
		}
		if len(seen) > most {
			start, most = places[i].at, len(seen)
		}
	}
	return window(text, start)
}

// stemsOf are the stems of a run's words, and where they begin. Where words are
// not apart, each character may be one as well.
func stemsOf(r prose.Run) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		if !r.Joined {
			yield(r.At, prose.Stem(r.Text))
			return
		}
		at, words := r.At, r.Words()
		for i, char := range r.Characters() {
			if !yield(at, char) || i < len(words) && !yield(at, words[i]) {
				return
			}
			at += len(char)
		}
	}
}

// window cuts text at words, a little before start.
func window(text string, start int) string {
	prefix, suffix := "", ""
	if start -= snippetLen / 8; start <= 0 {
		start = 0
	} else {
		start += strings.IndexByte(text[start:start+snippetLen/8], ' ') + 1
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
