package view

import (
	"regexp"
	"strings"
)

// Secret is a credential that an answer shows once.
type Secret struct {
	Path  string // where the answer has it, such as api_key
	Value string
}

// withheld stands for a credential that nobody keeps.
const withheld = "[not shown]"

// looks are what Attrove's credentials look like: a user's key, a connect
// token, a webhook's signing secret (contract sections 1, 3.4 and 13.3). They are
// the net below the declarations, for fields that Attrove may add.
const looks = `\b(sk|pit|whsec)_[A-Za-z0-9+/=_-]{8,}`

// secretive reports whether answers of this shape hold a credential.
func (s *shape) secretive() bool {
	if s.role == secret || s.elem != nil && s.elem.secretive() {
		return true
	}
	for _, f := range s.fields {
		if f.secretive() {
			return true
		}
	}
	return false
}

// secretField is the credential that name is another spelling of, such as the
// SDK's apiKey (contract section 3.1).
func (s *shape) secretField(name string) (field, bool) {
	for known, f := range s.fields {
		if f.role == secret && strings.EqualFold(strings.ReplaceAll(known, "_", ""), strings.ReplaceAll(name, "_", "")) {
			return f, true
		}
	}
	return field{}, false
}

// withhold takes the credentials out of an answer and puts what keep says in
// their place. found are those that the contract knows; a text that holds one of
// them, or what looks like one, goes with them.
func withhold(root *node, found []*node, keep func(id string, secrets []Secret) string) {
	like := regexp.MustCompile(looks)
	var all []*node
	root.texts(func(n *node) {
		holds := like.MatchString(n.text)
		for _, one := range found {
			holds = holds || one.text != "" && strings.Contains(n.text, one.text)
		}
		if holds {
			all = append(all, n)
		}
	})
	if len(all) == 0 {
		return
	}
	secrets := make([]Secret, len(all))
	for i, n := range all {
		secrets[i] = Secret{Path: n.path, Value: n.text}
	}
	shown := withheld
	if keep != nil {
		id := ""
		if n := root.member("id"); n != nil {
			id = n.text
		}
		shown = keep(id, secrets)
	}
	for _, n := range all {
		n.text, n.foreign = shown, false
	}
}

// texts visits every text in n.
func (n *node) texts(visit func(*node)) {
	if n.kind == str {
		visit(n)
	}
	for _, item := range n.items {
		item.texts(visit)
	}
	for _, one := range n.members {
		one.value.texts(visit)
	}
}
