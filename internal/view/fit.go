package view

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// many is a cap that cuts nothing.
const many = math.MaxInt

// notesAhead is room for what most results say about themselves.
const notesAhead = 512

// shortest is the least that is left of a text before rows are dropped.
const shortest = 160

// caps are what an answer is cut down to. The same caps give the same result.
type caps struct {
	text    int  // bytes of a text
	rows    int  // rows of a list
	unknown bool // whether fields that the contract does not have are kept
}

// rendering is one answer on its way to a result.
type rendering struct {
	spec   Spec
	req    Request
	root   *node
	paging *Paging // nil when the answer is not a list
	notes  Notes
}

// fit cuts the answer until it is within the budget: the longest texts first,
// then the last rows, then what the contract does not know.
func (r *rendering) fit() Result {
	uncut := caps{text: many, rows: many, unknown: true}
	if out, ok := r.encode(uncut); ok {
		return r.done(out)
	}
	most := extent(r.root)
	for _, unknown := range []bool{true, false} {
		c := caps{text: shortest, rows: many, unknown: unknown}
		if _, ok := r.encode(c); !ok {
			c.rows = largest(1, most.rows, func(n int) bool { return r.fits(caps{shortest, n, unknown}) })
		}
		if c.rows == 0 {
			continue
		}
		c.text = largest(shortest, most.text, func(n int) bool { return r.fits(caps{n, c.rows, unknown}) })
		if out, ok := r.encode(c); ok {
			return r.done(out)
		}
	}
	return Fail(Problem{Code: CodeTooLarge, Message: "the answer does not fit into a result, however much is cut",
		Next: "Ask for less: fewer rows with limit, a shorter period, or one thing by its id."})
}

func (r *rendering) done(structured []byte) Result {
	return Result{Structured: structured, foreign: len(r.notes.Untrusted) > 0}
}

func (r *rendering) fits(c caps) bool {
	_, ok := r.encode(c)
	return ok
}

// largest returns the largest n in [from, to] that is fine, or 0. What is fine
// for n is fine for less.
func largest(from, to int, fine func(n int) bool) int {
	n := from + sort.Search(to-from+1, func(i int) bool { return !fine(from + i) }) - 1
	if n < from {
		return 0
	}
	return n
}

// extent is the longest text and list below n.
func extent(n *node) caps {
	most := caps{text: shortest, rows: max(1, len(n.items))}
	if n.kind == str {
		most.text = max(shortest, len(n.text))
	}
	if n.keyed {
		most.rows = max(most.rows, len(n.members))
	}
	grow := func(below *node) {
		inner := extent(below)
		most.text = max(most.text, inner.text)
		most.rows = max(most.rows, inner.rows, below.rank+1)
	}
	for _, item := range n.items {
		grow(item)
	}
	for _, one := range n.members {
		grow(one.value)
	}
	return most
}

// encode writes the result with these caps, and reports whether it is within
// the budget.
func (r *rendering) encode(c caps) ([]byte, bool) {
	w := writer{caps: c, limit: r.req.Budget, cut: map[string]int{}}
	w.out = make([]byte, 0, min(r.root.size, r.req.Budget)+notesAhead)
	w.value(r.root)
	if w.over() {
		return nil, false
	}
	notes := r.notes
	notes.Cut = r.cuts(w.cut)
	out := w.out
	if r.paging != nil {
		paging, hint := r.page(w.dropped)
		out = splice(out, compact(paging))
		notes.Hint = sentences(notes.Hint, hint)
	}
	notes.Hint = sentences(notes.Hint, r.advice(&w))
	out = splice(out, compact(notes))
	return out, len(out) <= r.req.Budget
}

// cuts lists what was cut, and by which tool it can be had.
func (r *rendering) cuts(cut map[string]int) []Cut {
	var all []Cut
	for _, path := range slices.Sorted(maps.Keys(cut)) {
		all = append(all, Cut{Path: path, Bytes: cut[path], Tool: r.whole(path)})
	}
	return all
}

// whole is the tool that returns whole what is at path.
func (r *rendering) whole(path string) string {
	best, tool := -1, r.req.Tool
	for prefix, name := range r.spec.Whole {
		if strings.HasPrefix(path, prefix) && len(prefix) > best {
			best, tool = len(prefix), name
		}
	}
	return tool
}

// page is the paging of a list of which the last rows were dropped. The cursor
// would skip them, so it is not shown.
func (r *rendering) page(dropped int) (Paging, string) {
	p := *r.paging
	all := len(r.root.member("data").items)
	p.Returned = all - dropped
	switch {
	case dropped > 0:
		p.HasMore, p.NextCursor = true, ""
		return p, fmt.Sprintf("Only the first %d of %d rows fit: ask again with limit %d for a cursor that goes on after them, "+
			"or narrow the filters.", p.Returned, all, p.Returned)
	case p.HasMore && p.NextCursor == "" && p.Offset == nil:
		return p, "There are more rows, but no cursor came with these: narrow the filters to see them."
	}
	return p, ""
}

// advice says how to get at what was cut out of texts and lists.
func (r *rendering) advice(w *writer) string {
	full := r.req.Budget >= Full
	more := r.req.Fuller && !full
	var texts, rows string
	switch {
	case w.texts == 0:
	case more:
		texts = `Texts that end in "[+N bytes]" are shortened: the tool named in cut returns more, or detail "full".`
	case full:
		texts = `Texts that end in "[+N bytes]" are shortened even so: attrove_search finds passages in them.`
	default:
		texts = `Texts that end in "[+N bytes]" are shortened: the tool named in cut returns more.`
	}
	switch {
	case w.inner == 0:
	case more:
		rows = `The last rows of some lists did not fit: detail "full" has more of them, a narrower request the right ones.`
	default:
		rows = "The last rows of some lists did not fit: narrow the request."
	}
	return sentences(texts, rows)
}

func sentences(one, two string) string { return strings.TrimSpace(one + " " + two) }

// splice adds the members of one JSON object to another, in place.
func splice(to, more []byte) []byte {
	switch {
	case len(more) == 2: // {}
		return to
	case len(to) == 2:
		return more
	}
	return append(append(to[:len(to)-1], ','), more[1:]...)
}

// nothingFound says over what an empty answer speaks.
func nothingFound(c *attrove.Coverage) string {
	if len(c.Sources) == 0 {
		return "Nothing was found. Widen the dates or use other words; attrove_integrations says what is connected."
	}
	var parts []string
	for _, s := range c.Sources {
		parts = append(parts, fmt.Sprintf("%s from %s to %s (%d)", s.Source, day(s.First), day(s.Last), s.Count))
	}
	return "Nothing was found. The data covers " + strings.Join(parts, ", ") + "."
}

// offered is what to do about having nothing, where the engine offers a page to
// connect a source. A cloud has no say in where the user is sent.
func offered(reply attrove.RawReply, backend string) string {
	link := Clean(reply.Header.Get(attrove.ConnectHeader))
	if link == "" || backend != "local" {
		return ""
	}
	return "Nothing is connected yet. Give the user this link, to open on this machine within the hour: there they can hand over exports of mail, calendars, chat and meetings. " + link
}

func day(t attrove.DateTime) string { return prefix(string(t), len("2006-01-02")) }

// nothing reports whether all of the fields that were asked for are empty.
func nothing(root *node, fields []string) bool {
	for _, name := range fields {
		if n := root.member(name); n != nil && !n.empty() {
			return false
		}
	}
	return len(fields) > 0
}
