// Package meeting reads what meetings leave behind: transcripts as WebVTT,
// SubRip or plain text, with the chat beside them, and minutes.
package meeting

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// File is a file of a meeting.
type File struct {
	Name     string // its path, for its title and time
	Raw      []byte
	Chat     []byte    // the chat that was saved beside it; nil if none
	Modified time.Time // of the file, where nothing else tells when it was
	Zone     *time.Location
}

// ErrNoWords is returned for a transcript in which nobody says anything.
var ErrNoWords = errors.New("nobody says anything in it")

// Read reads a transcript. Its only error is ErrNoWords.
func Read(f File) (attrove.PushMeetingIn, error) {
	cues := Subtitles(f.Raw)
	if len(cues) == 0 && !bytes.HasPrefix(f.Raw, []byte("WEBVTT")) {
		cues, _ = Text(f.Raw)
	}
	if talk, ok := Chat(f.Raw); ok {
		cues = written(talk)
	}
	if len(cues) == 0 {
		return attrove.PushMeetingIn{}, ErrNoWords
	}
	when := f.when()
	title := f.title("Meeting")
	meta := attrove.Object{attrove.MetaOrigin: f.Name}
	if when.from != "" {
		meta[attrove.MetaTimeFrom] = when.from
	}
	said := transcript(cues)
	if talk, ok := Chat(f.Chat); ok {
		cues = append(cues, written(talk)...)
		slices.SortStableFunc(cues, func(a, b Cue) int { return cmp.Compare(a.Start, b.Start) })
	}
	in := attrove.PushMeetingIn{
		Title: title, StartTime: wire(when.at), Transcript: transcript(cues), Attendees: attendees(cues), Metadata: meta,
		ExternalID: f.id("meeting", title, when, said),
	}
	if length := slices.MaxFunc(cues, func(a, b Cue) int { return cmp.Compare(max(a.Start, a.End), max(b.Start, b.End)) }); length.Start > 0 {
		in.EndTime = wire(when.at.Add(max(length.Start, length.End)))
	}
	return in, nil
}

func wire(t time.Time) attrove.DateTime { return attrove.DateTime(t.UTC().Format(time.RFC3339)) }

// written marks what was not said but written.
func written(chat []Cue) []Cue {
	for i := range chat {
		chat[i].Text = "[chat] " + chat[i].Text
	}
	return chat
}

// transcript writes cues as the contract recommends: a line each, behind the
// speaker's name.
func transcript(cues []Cue) string {
	var b strings.Builder
	for _, c := range cues {
		if c.Speaker != "" {
			b.WriteString(c.Speaker + ": ")
		}
		b.WriteString(c.Text + "\n")
	}
	return strings.TrimSpace(b.String())
}

// attendees are all who said or wrote something, in the order in which they did.
func attendees(cues []Cue) []attrove.Attendee {
	var all []attrove.Attendee
	seen := map[string]bool{"": true}
	for _, c := range cues {
		if !seen[c.Speaker] {
			seen[c.Speaker] = true
			all = append(all, attrove.Attendee{Name: attrove.ForeignText(c.Speaker)})
		}
	}
	return all
}

// id is the same for the same meeting in another format. Where only the file
// knows when it was, the words tell.
func (f File) id(kind, title string, when moment, words string) string {
	text := words
	if when.from != attrove.TimeFromFile {
		text = strings.ToLower(title) + "\x00" + when.at.UTC().Format(time.RFC3339)
	}
	sum := sha256.Sum256([]byte(kind + "\x00" + text))
	return kind + ":" + hex.EncodeToString(sum[:12])
}

// title is the file's name without its date, or that of its directory if it is
// a name that recorders give to all.
func (f File) title(otherwise string) string {
	name := path.Clean(strings.ReplaceAll(f.Name, `\`, "/"))
	stem := path.Base(name)
	for range 2 { // x.transcript.vtt
		if ext := path.Ext(stem); len(ext) > 1 && len(ext) <= len(".transcript") && !isNumber(ext[1:]) {
			stem = strings.TrimSuffix(stem, ext)
		}
	}
	for _, part := range []string{stem, path.Base(path.Dir(name))} {
		words := strings.Fields(strings.NewReplacer("_", " ", "--", " ").Replace(withoutDate(part)))
		text := strings.Trim(strings.Join(words, " "), "-–. ,")
		switch strings.ToLower(text) {
		case "", "recording", "transcript", "audio transcript", "audio only", "closed caption", "captions", "meeting saved chat", "chat", "meeting", "minutes", "/":
			continue
		}
		return text
	}
	return otherwise
}
