package meeting

import (
	"bytes"
	"errors"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/inbucket/html2text"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

var (
	heading    = regexp.MustCompile(`(?m)^#{1,3}[ \t]+(\S.*)$`)
	htmlTitle  = regexp.MustCompile(`(?is)<(?:title|h1)[^>]*>(.*?)</(?:title|h1)>`)
	aboutNotes = regexp.MustCompile(`(?i)\b(?:minutes|meeting|notes|agenda|protokoll|besprechung|acta|compte rendu|verbale|standup|retro(?:spective)?|office hours?|call)\b`)
)

// ErrNoText is returned for minutes that hold none.
var ErrNoText = errors.New("there is no text in it")

// Minutes reads what somebody wrote down of a meeting, as a note. Its only error
// is ErrNoText.
func Minutes(f File) (attrove.PushNoteIn, error) {
	text := strings.ToValidUTF8(string(bytes.TrimPrefix(f.Raw, []byte("\xef\xbb\xbf"))), "\uFFFD")
	title := f.title("Minutes")
	if match := headingOf(text); match != "" {
		title = match
	}
	when := f.when()
	if isHTML(f.Name, text) {
		if plain, err := html2text.FromString(text, html2text.Options{}); err == nil {
			text = plain
		}
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return attrove.PushNoteIn{}, ErrNoText
	}
	meta := attrove.Object{attrove.MetaOrigin: f.Name, attrove.MetaWrittenAt: when.at.UTC().Format(time.RFC3339)}
	if when.from != "" {
		meta[attrove.MetaTimeFrom] = when.from
	}
	return attrove.PushNoteIn{Title: title, Body: text, Metadata: meta, ExternalID: f.id("minutes", path.Base(f.Name), when, text)}, nil
}

func headingOf(text string) string {
	match := htmlTitle.FindStringSubmatch(text)
	if match == nil {
		match = heading.FindStringSubmatch(text)
	}
	if match == nil {
		return ""
	}
	return strings.Trim(clean(match[1]), "#* ")
}

func isHTML(name, text string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm":
		return true
	}
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(text[:min(len(text), 200)])), "<!doctype html")
}

// LooksLikeMinutes reports whether a text that nobody named one by one seems to
// be somebody's notes of a meeting: its name or heading says so or has a date.
func LooksLikeMinutes(name string, head []byte) bool {
	base := strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	if _, ok := dateIn(path.Base(name), time.UTC); ok || aboutNotes.MatchString(base) {
		return true
	}
	title := headingOf(string(head))
	_, dated := dateIn(title, time.UTC)
	return dated || aboutNotes.MatchString(title)
}
