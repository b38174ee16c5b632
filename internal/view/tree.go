package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

type kind int

const (
	literal kind = iota // a number, true, false or null
	str
	list
	object
)

// node is a JSON value that keeps the order of its members and the digits of
// its numbers. What stands below the first three fields is the view's.
type node struct {
	kind    kind
	text    string   // the string, or the literal as written
	items   []*node  // of a list
	members []member // of an object

	path    string // where it is, such as data[].body_text
	foreign bool   // text that may be shortened
	size    int    // encoded, uncut
	keyed   bool   // an object whose names are data, so that it can be cut like a list
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
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	n, err := parseValue(dec, 0)
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read answer: something follows it")
	}
	return n, nil
}

func parseValue(dec *json.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deep")
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '[' {
			return parseList(dec, depth+1)
		}
		return parseObject(dec, depth+1)
	case string:
		return &node{kind: str, text: v}, nil
	case json.Number:
		return &node{text: v.String()}, nil
	case bool:
		return &node{text: strconv.FormatBool(v)}, nil
	}
	return &node{text: "null"}, nil
}

func parseList(dec *json.Decoder, depth int) (*node, error) {
	n := &node{kind: list}
	for dec.More() {
		item, err := parseValue(dec, depth)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := dec.Token()
	return n, err
}

func parseObject(dec *json.Decoder, depth int) (*node, error) {
	n := &node{kind: object}
	places := map[string]int{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseValue(dec, depth)
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder accepts no other key
		if i, twice := places[name]; twice {
			n.members[i].value = value // the last counts, as everywhere in Go
			continue
		}
		places[name] = len(n.members)
		n.members = append(n.members, member{name: name, value: value})
	}
	_, err := dec.Token()
	return n, err
}

// appendString appends text as a JSON string. Text is clean by now: of what JSON
// must escape only quotes, backslashes, line breaks and tabs are left.
func appendString(to []byte, text string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"', c == '\\':
			to = append(to, '\\', c)
		case c == '\n':
			to = append(to, '\\', 'n')
		case c == '\t':
			to = append(to, '\\', 't')
		case c < ' ':
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			to = append(to, c)
		}
	}
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
