package view

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

type kind uint8

const (
	literal kind = iota // a number, true, false or null
	str
	list
	object
)

// node is a JSON value that keeps the order of its members and the digits of
// its numbers. What stands below the first four fields is the view's.
type node struct {
	text    string   // the string, or the literal as written
	items   []*node  // of a list
	members []member // of an object
	kind    kind

	foreign bool   // text that may be shortened
	keyed   bool   // an object whose names are data, so that it can be cut like a list
	path    string // where it is, such as data[].body_text
	size    int    // encoded, uncut
	rank    int    // its place in the list it belongs to
}

type member struct {
	name    string
	value   *node
	unknown bool // the contract does not have it
}

func (n *node) member(name string) *node {
	for _, m := range n.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// take removes a member and returns its value, or nil.
func (n *node) take(name string) *node {
	for i, m := range n.members {
		if m.name == name {
			n.members = append(n.members[:i:i], n.members[i+1:]...)
			return m.value
		}
	}
	return nil
}

// empty reports whether there is nothing in it. Zero and false are something.
func (n *node) empty() bool {
	switch n.kind {
	case literal:
		return n.text == "null"
	case str:
		return n.text == ""
	case list:
		return len(n.items) == 0
	default:
		return len(n.members) == 0
	}
}

// maxDepth is how deep an answer may be nested. Far deeper ones would still be
// JSON, but not within a message of the protocol.
const maxDepth = 500

func parse(raw []byte) (*node, error) {
	p := parser{source: string(raw)}
	p.dec = jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	n, err := p.value(0)
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if _, err := p.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read answer: something follows it")
	}
	return n, nil
}

// parser makes nodes. It allocates them many at a time, and has their texts share
// memory with the source.
type parser struct {
	dec    *jsontext.Decoder
	source string
	spare  []node
	width  int // members of the object before; the next is often like it
}

// Most of what the parser allocates ahead.
const (
	nodesAhead   = 64
	membersAhead = 16
)

func (p *parser) node(k kind) *node {
	if len(p.spare) == 0 {
		p.spare = make([]node, min(nodesAhead, 1+len(p.source)/8))
	}
	n := &p.spare[0]
	p.spare = p.spare[1:]
	n.kind = k
	return n
}

func (p *parser) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deep")
	}
	switch p.dec.PeekKind() { //nolint:exhaustive // of the rest ReadValue says if it is wrong
	case jsontext.KindBeginArray:
		return p.list(depth + 1)
	case jsontext.KindBeginObject:
		return p.object(depth + 1)
	case jsontext.KindString:
		text, err := p.text()
		n := p.node(str)
		n.text = text
		return n, err
	}
	raw, err := p.dec.ReadValue()
	n := p.node(literal)
	n.text = p.sourceOf(raw)
	return n, err
}

// sourceOf is what was read last, as it stands in the source.
func (p *parser) sourceOf(raw jsontext.Value) string {
	end := int(p.dec.InputOffset())
	return p.source[end-len(raw) : end]
}

// text reads a string or a name.
func (p *parser) text() (string, error) {
	raw, err := p.dec.ReadValue()
	if err != nil {
		return "", err
	}
	quoted := p.sourceOf(raw)
	if strings.IndexByte(quoted, '\\') < 0 && utf8.ValidString(quoted) {
		return quoted[1 : len(quoted)-1], nil
	}
	text, _ := jsontext.AppendUnquote(nil, raw) // what is no UTF-8 becomes U+FFFD
	return string(text), nil
}

func (p *parser) list(depth int) (*node, error) {
	n := p.node(list)
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, err
	}
	for p.dec.PeekKind() != jsontext.KindEndArray {
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := p.dec.ReadToken()
	return n, err
}

func (p *parser) object(depth int) (*node, error) {
	n := p.node(object)
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, err
	}
	var places names
	for p.dec.PeekKind() != jsontext.KindEndObject {
		name, err := p.text()
		if err != nil {
			return nil, err
		}
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		if i, twice := places.find(n.members, name); twice {
			n.members[i].value = value // the last counts, as everywhere in Go
			continue
		}
		if n.members == nil {
			n.members = make([]member, 0, min(p.width, membersAhead))
		}
		n.members = append(n.members, member{name: name, value: value})
	}
	p.width = len(n.members)
	_, err := p.dec.ReadToken()
	return n, err
}

// names finds members by their names, also among very many.
type names map[string]int

// few members are compared one by one.
const few = 16

func (s *names) find(members []member, name string) (place int, found bool) {
	if len(members) <= few {
		place = slices.IndexFunc(members, func(m member) bool { return m.name == name })
		return place, place >= 0
	}
	if *s == nil {
		*s = names{}
	}
	for i := len(*s); i < len(members); i++ {
		(*s)[members[i].name] = i
	}
	place, found = (*s)[name]
	return place, found
}

// appendString appends text as a JSON string. Text is clean by now: of what JSON
// must escape only quotes, backslashes, line breaks and tabs are left.
func appendString(to []byte, text string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	done := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		to = append(to, text[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n':
			to = append(to, '\\', 'n')
		case '\t':
			to = append(to, '\\', 't')
		default:
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	to = append(to, text[done:]...)
	return append(to, '"')
}

// stringSize is the length of what appendString appends.
func stringSize(text string) int {
	size := len(text) + 2
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"', c == '\\', c == '\n', c == '\t':
			size++
		case c < ' ':
			size += 5
		}
	}
	return size
}

// prefix is as much of text as fits into size bytes, without half a character.
func prefix(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size]
}
