package view

import (
	"slices"
	"strings"
)

// marker walks an answer beside its shape: it cleans every text, drops what is
// empty and optional, and notes whose words are where.
type marker struct {
	untrusted []string // paths, in the order of the answer
	secrets   []*node
}

// maxName is as much of a field's name as a path repeats.
const maxName = 64

// maxPaths is how many paths are named before one stands for all.
const maxPaths = 40

// paths lists where strangers' text is.
func (m *marker) paths() []string {
	if len(m.untrusted) > maxPaths {
		return []string{"*"}
	}
	return m.untrusted
}

func (m *marker) distrust(path string) {
	if len(m.untrusted) <= maxPaths && !slices.Contains(m.untrusted, path) {
		m.untrusted = append(m.untrusted, path)
	}
}

// reserved are the names under which a result speaks about itself; a field of
// the upstream's must not pass for one of them.
func reserved(name string) bool {
	return slices.Contains([]string{"returned", "has_more", "next_cursor", "cut", "untrusted", "coverage", "resolved", "hint", "error"}, name)
}

func (m *marker) mark(n *node, s *shape, path string) {
	n.path = path
	if s.role == rows && n.kind == str {
		unquoteList(n) // contract section 2.3: attendees
	}
	switch {
	case n.kind == str && s.role == secret:
		n.text = Clean(n.text)
		m.secrets = append(m.secrets, n)
	case n.kind == str:
		m.markText(n, s)
	case n.kind == list && s.role == rows:
		for _, item := range n.items {
			m.mark(item, s.elem, s.below)
		}
	case n.kind == object && s.role == keyed:
		m.markMembers(n, s.elem, s.below)
	case n.kind == object && s.role == fields:
		m.markFields(n, s, path)
	case n.kind == list:
		for _, item := range n.items {
			m.mark(item, nowhere(), path)
		}
	case n.kind == object:
		m.markMembers(n, nowhere(), path)
	}
}

func (m *marker) markFields(n *node, s *shape, path string) {
	kept := n.members[:0]
	for _, one := range n.members {
		f, declared := s.fields[one.name]
		if declared && f.role == known {
			continue
		}
		if !declared {
			f, declared = s.secretField(one.name)
			f.path = join(path, one.name)
		}
		if !declared {
			f.shape, one.unknown = nowhere(), true
			one.name = Clean(one.name)
			if path == "" && reserved(one.name) {
				one.name = "upstream_" + one.name
			}
			f.path = join(path, one.name)
		}
		m.mark(one.value, f.shape, f.path)
		if f.optional && one.value.empty() {
			continue
		}
		kept = append(kept, one)
	}
	n.members = kept
}

// markMembers marks an object whose names are data. Where the contract knows
// nothing, all of it counts as one place.
func (m *marker) markMembers(n *node, s *shape, path string) {
	n.keyed = true
	for i := range n.members {
		one := &n.members[i]
		one.name = Clean(one.name)
		m.mark(one.value, s, path)
	}
}

func (m *marker) markText(n *node, s *shape) {
	switch {
	case s.role == markup, s.role != plain && looksLikeHTML(n.text):
		n.text = fromHTML(n.text)
	}
	n.text = Clean(n.text)
	n.foreign = s.role != plain
	if n.foreign && n.text != "" {
		m.distrust(n.path)
	}
}

// unquoteList turns a string that holds the JSON of a list into the list.
func unquoteList(n *node) {
	if strings.TrimSpace(n.text) == "" {
		*n = node{text: "null", path: n.path}
		return
	}
	if inner, err := parse([]byte(n.text)); err == nil && inner.kind == list {
		inner.path = n.path
		*n = *inner
	}
}

func join(path, name string) string {
	name = prefix(name, maxName)
	if path == "" {
		return name
	}
	return path + "." + name
}
