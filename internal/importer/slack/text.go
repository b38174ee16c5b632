package slack

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

var (
	// reference is what stands in angle brackets in Slack's text: <@U1>,
	// <#C1|general>, <!here>, <https://example.com|label>.
	reference = regexp.MustCompile(`<([^<>\n]+)>`)

	// token matches what opens Slack's API or files, wherever it stands.
	token = regexp.MustCompile(`xox[a-z](?:\.[a-z]+)?-[A-Za-z0-9-]*`)

	// hosted matches the address of a file that Slack keeps; a token follows the "?".
	hosted = regexp.MustCompile(`(files\.slack\.com/[^\s?<>|)]*)\?[^\s<>|)]*`)
)

// text is what a message says: its own words, or those of its cards where it has
// none, as programs write.
func (e *Export) text(m message) string {
	parts := []string{e.plain(m.Text)}
	for _, a := range m.Attachments {
		if a.FromURL != "" && strings.TrimSpace(m.Text) != "" {
			continue // the preview of a link in the text
		}
		card := joined(e.plain(a.Pretext), e.plain(a.Title), e.plain(a.Text))
		if card == "" {
			card = e.plain(a.Fallback)
		}
		parts = append(parts, card)
	}
	body := joined(parts...)
	if body != "" {
		return body
	}
	var names []string
	for _, f := range attached(m.Files) {
		names = append(names, f.Name)
	}
	if len(names) > 0 {
		return "(This message has no text, only files: " + strings.Join(names, ", ") + ".)"
	}
	return "(This message has no text.)"
}

func joined(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, "\n")
}

// plain puts names in the place of ids, and takes out what opens files.
func (e *Export) plain(text string) string {
	text = reference.ReplaceAllStringFunc(text, func(whole string) string { return e.resolve(whole[1 : len(whole)-1]) })
	text = hosted.ReplaceAllString(html.UnescapeString(text), "$1")
	return token.ReplaceAllString(text, "(token)")
}

// mention is somebody whom a message names.
type mention struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// mentioned are the people whom a text names, each once.
func (e *Export) mentioned(text string) []mention {
	var all []mention
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		id, isPerson := strings.CutPrefix(match[1], "@")
		id, label, _ := strings.Cut(id, "|")
		if !isPerson || slices.ContainsFunc(all, func(m mention) bool { return m.ID == idPrefix+id }) {
			continue
		}
		one := mention{ID: idPrefix + id, Name: label}
		if u, ok := e.users[id]; ok {
			one.Name, one.Email = u.called(), strings.ToLower(u.Profile.Email)
		}
		all = append(all, one)
	}
	return all
}

// idPrefix tells ids of Slack from those of others (attrove.MetaSenderID).
const idPrefix = "slack:"

// resolve is what a reference says to people.
func (e *Export) resolve(ref string) string {
	target, label, labelled := strings.Cut(ref, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		if name := e.nameOf(target[1:]); name != target[1:] || !labelled {
			return "@" + name
		}
		return "@" + strings.TrimPrefix(label, "@")
	case strings.HasPrefix(target, "#"):
		if name := e.names[target[1:]]; name != "" {
			return "#" + name
		}
		if label != "" {
			return "#" + label
		}
		return target
	case strings.HasPrefix(target, "!"):
		if label != "" { // of a group, or of a date
			return label
		}
		name, _, _ := strings.Cut(target[1:], "^")
		return "@" + name
	case !labelled, label == target, strings.TrimPrefix(target, "mailto:") == label:
		return strings.TrimPrefix(target, "mailto:")
	}
	return label + " (" + target + ")"
}
