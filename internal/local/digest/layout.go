package digest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// filing is under what a writer put a sentence, by a label or a heading. People
// who take minutes do so; others hardly ever.
type filing int

const (
	unfiled  filing = iota
	toDo            // "ACTION: …", below "Action items", [ ]
	next            // below "Next steps": also what merely comes next
	settled         // [x], or struck out
	decided         // "RESOLVED: …", below "Decisions"
	wondered        // below "Open questions"
	present         // who was there
)

// mark is what the layout of a text says of one of its sentences.
type mark struct {
	filed filing
	line  int
	who   voice
	owner string // who is to do it: "Ann" of "ACTION(Ann): look"
	text  string // the sentence without its label and markup
	last  bool   // nothing follows it in its paragraph
	boxed bool   // it is filed by a box alone, as the items of a check list are
}

// voice is whose words a sentence is: "HT" of "HT: will look".
type voice struct {
	name string
	sure bool // it can be nothing but a name: "[HT] will look"
}

// layout are the marks of a text's sentences, as prose.Sentences has them, and
// who was there.
type layout struct {
	marks   []mark
	present []store.Person
}

var (
	anchors  = regexp.MustCompile(`<a [^<>]*>#?</a>|</?(?:a|b|i|p|br|em|strong|span|div|li|ul|ol|td|th|tr|code)(?: [^<>]*)?/?>`)
	links    = regexp.MustCompile(`!?\[([^\[\]]*)\]\([^()\s]*\)`)
	emphasis = regexp.MustCompile("\\*\\*|__|`|(^|[\\s(])[*_]([^*_\\s][^*_]*)[*_]")
	bullet   = regexp.MustCompile(`^(?:[-*+•–]|\(?\d{1,2}[.)])\s+`)
	checkbox = regexp.MustCompile(`^\[([ xX]?)\]\s+`)
	struck   = regexp.MustCompile(`^~~.*~~$`)

	// Whose words a line is: "HT: …", "[HT] …", "<ann> …".
	speaks = regexp.MustCompile(`^(?:\[([^\[\]:]{1,40})\]|<([\w.-]{1,30})>|(\pL[^:.,;?!()\[\]]{0,38}?)(?: \([^()]*\))?:)\s+(\S.*)$`)
	says   = regexp.MustCompile(`^(\p{Lu}[\pL.'’-]*(?: \p{Lu}[\pL.'’-]*){0,3}) says:?\s+(\S.*)$`)
	goesOn = regexp.MustCompile(`^(?:\.{2,3}|…)\s*(\S.*)$`)
)

// layOut reads how a text is laid out, line by line.
func layOut(text string) layout {
	var out layout
	var s sections
	at := s.lines(text, &out.present)
	who := voice{}
	for _, sentence := range prose.Sentences(text) {
		lead := len(text[sentence.Start:sentence.End]) - len(strings.TrimLeft(text[sentence.Start:sentence.End], " \t\r\n"))
		i, first := slices.BinarySearchFunc(at, sentence.Start+lead, func(l written, offset int) int { return l.start - offset })
		if !first {
			i--
		}
		m := mark{line: i, text: bare(sentence.Text), last: ends(text[sentence.End:])}
		if first { // of its line, which it may leave for the next
			m.filed, m.owner, m.boxed, m.text = at[i].filed, at[i].owner, at[i].boxed, at[i].unmarked(m.text)
			if !goesOn.MatchString(m.text) {
				who = voice{}
			}
		}
		filed, _, _ := labelled(m.text)
		if by, words, ok := voiced(m.text); ok && filed == unfiled {
			who, m.text = by, words
		}
		if filed, owner, rest := labelled(m.text); filed != unfiled { // "Ann: TODO: look"
			m.filed, m.owner, m.text = filed, owner, rest
		}
		m.who = who
		out.marks = append(out.marks, m)
	}
	return out
}

// ends reports whether a paragraph ends before the rest of a text.
func ends(rest string) bool {
	line, after, _ := strings.Cut(rest, "\n")
	if strings.TrimSpace(line) != "" {
		return false
	}
	next, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(next) == ""
}

// written is a line of a text.
type written struct {
	start int
	filed filing
	owner string
	boxed bool
	cell  string // of a table's row: what is to be done or was decided
}

// unmarked is the line's first sentence without the marks of a list.
func (w written) unmarked(text string) string {
	if w.cell != "" {
		return w.cell
	}
	return checkbox.ReplaceAllString(bullet.ReplaceAllString(text, ""), "")
}

// sections keeps track of the heading and the list that a line stands below.
type sections struct {
	heading filing
	level   int // of the heading that files
	list    filing
	indent  int // of the item that leads the list
	blank   bool
	table   []string // the heads of its columns
}

func (s *sections) lines(text string, there *[]store.Person) []written {
	var all []written
	start := 0
	for raw := range strings.Lines(text) {
		line := strings.TrimRight(raw, " \t\r\n")
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, ">") {
			w := s.file(line)
			w.start = start + len(line) - len(strings.TrimLeft(line, " \t"))
			if w.filed == present {
				*there = append(*there, names(line)...)
				w.filed = unfiled
			}
			all = append(all, w)
		}
		s.blank = strings.TrimSpace(line) == ""
		start += len(raw)
	}
	return all
}

// file says what a line is filed under, and opens what it heads.
func (s *sections) file(line string) written {
	indent := columns(line)
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "|") {
		return s.row(trimmed)
	}
	s.table = nil
	level := len(trimmed) - len(strings.TrimLeft(trimmed, "#"))
	item := bullet.MatchString(trimmed)
	text := bare(bullet.ReplaceAllString(strings.TrimLeft(trimmed, "# "), ""))
	title := strings.TrimRight(text, ": ")
	heads := level > 0 || strings.HasSuffix(text, ":") || strings.HasPrefix(trimmed, "**") && strings.HasSuffix(trimmed, "**")
	if kind := headed(title); heads || kind == present && !item && text == title {
		switch {
		case level > 0 && (kind != unfiled || level <= s.level):
			s.heading, s.level, s.list = kind, level, unfiled
			return written{}
		case level > 0:
			s.list = unfiled
			return written{}
		case kind != unfiled:
			s.list, s.indent = kind, indent
			if !item {
				s.indent--
			}
			return written{}
		}
	}
	if s.list != unfiled && (indent <= s.indent || s.blank && !item && s.indent < 0) {
		s.list = unfiled
	}
	return s.single(trimmed, text)
}

// row files a row of a table by the heads of the columns: one for what is to be
// done or was decided, perhaps one for who does it.
func (s *sections) row(line string) written {
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i := range cells {
		cells[i] = bare(strings.TrimSpace(cells[i]))
	}
	if s.table == nil {
		s.table = cells
		return written{}
	}
	var w written
	for i, head := range s.table[:min(len(s.table), len(cells))] {
		switch kind := headed(head); {
		case strings.Trim(cells[i], ":- ") == "":
		case w.filed == unfiled && (kind == toDo || kind == decided):
			w.filed, w.cell = kind, cells[i]
		case oneOf(strings.ToLower(head), ownerHeads):
			w.owner = cells[i]
		case oneOf(strings.ToLower(head), statusHeads) && oneOf(strings.ToLower(cells[i]), settledHeads+"|"+settledCells):
			w.filed, w.cell = settled, cells[i]
		}
	}
	return w
}

// single files a line that heads nothing.
func (s *sections) single(trimmed, text string) written {
	if name, people, ok := strings.Cut(text, ":"); ok && headed(name) == present && strings.TrimSpace(people) != "" {
		return written{filed: present}
	}
	if box := checkbox.FindStringSubmatch(bullet.ReplaceAllString(trimmed, "")); box != nil {
		if strings.TrimSpace(box[1]) != "" {
			return written{filed: settled}
		}
		return written{filed: toDo, boxed: s.list == unfiled && s.heading == unfiled}
	}
	if struck.MatchString(bullet.ReplaceAllString(trimmed, "")) {
		return written{filed: settled}
	}
	if filed, owner, _ := labelled(text); filed != unfiled {
		return written{filed: filed, owner: owner}
	}
	if _, words, ok := voiced(text); ok {
		if filed, owner, _ := labelled(words); filed != unfiled {
			return written{filed: filed, owner: owner}
		}
	}
	if s.list != unfiled {
		return written{filed: s.list}
	}
	return written{filed: s.heading}
}

// voiced parts a sentence of minutes from the name of whose words it is.
func voiced(text string) (by voice, words string, ok bool) {
	if m := says.FindStringSubmatch(text); m != nil {
		return voice{m[1], true}, m[2], true
	}
	m := speaks.FindStringSubmatch(text)
	if m == nil || m[3] != "" && (!calls(m[3]) || headed(m[3]) != unfiled) {
		return voice{}, text, false
	}
	return voice{m[1] + m[2] + m[3], m[3] == ""}, m[4], true
}

// calls reports whether a text may be a name, or several: up to three words, each
// with a capital.
func calls(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '/' || r == '&' })
	for _, w := range words {
		if first, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(first) && w != "and" {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 3
}

// names are those in a line of people: "R Core: Ann Lee, Bob Ray".
func names(line string) []store.Person {
	line = bare(bullet.ReplaceAllString(strings.TrimSpace(line), ""))
	if i := strings.LastIndexByte(line, ':'); i >= 0 {
		line = line[i+1:]
	}
	var out []store.Person
	for part := range strings.FieldsFuncSeq(conjunction.ReplaceAllString(line, ","), func(r rune) bool { return r == ',' || r == ';' || r == '&' }) {
		name, _, _ := strings.Cut(part, "(")
		name = strings.TrimSpace(name)
		if n := len(strings.Fields(name)); n >= 1 && n <= 4 && !strings.ContainsAny(name, "0123456789/@.!?") {
			out = append(out, store.Person{Name: name})
		}
	}
	return out
}

// bare is text without the markup of Markdown and HTML, and with plain spaces: the
// one before a French colon does not break.
func bare(text string) string {
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
	text = anchors.ReplaceAllString(text, "")
	text = links.ReplaceAllString(text, "$1")
	return strings.Trim(emphasis.ReplaceAllString(text, "$1$2"), "* \t\r\n")
}

// columns counts how far a line is indented.
func columns(line string) int {
	n := 0
	for _, r := range line {
		switch r {
		case ' ':
			n++
		case '\t':
			n += 4
		default:
			return n
		}
	}
	return n
}
