package eval

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/meeting"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// minutes say of each action item and resolution that minutes are explicit about
// whether it is found, and of those action items whether the owner is right.
type minutes struct{ actions, owners, resolutions []float64 }

var (
	// "AB to send", "AB and CD will send", but for those whom somebody else asked.
	toDo = regexp.MustCompile(`(?:^|[.;:?!] |- |, |\b(?:But|so) )([A-Z]{2,3}(?: and [A-Z]{2,3})?) (?:to|will) ([a-z]{3,} \S+(?: \S+)?)`)
	// "AB: Will send"
	promised = regexp.MustCompile(`\b([A-Z]{2,3})\]?: +[Ww]ill ([a-z]{3,} \S+(?: \S+)?)`)
	resolved = regexp.MustCompile(`(?m)^<a.*\*(?:RESOLVED|Resolved): ([^*\n]+)\*`)
	bold     = regexp.MustCompile(`\*\*`)
)

func (m *minutes) read(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	in, err := meeting.Minutes(meeting.File{Name: filepath.Base(path), Raw: raw, Zone: time.UTC})
	if err != nil {
		return err
	}
	d := digest.NewReader().Note(store.Note{ID: "note_1", Title: in.Title, Body: in.Body, CreatedAt: written(in)})
	present := initials(in.Body)
	for line := range strings.Lines(in.Body) {
		line = strings.TrimSpace(line)
		for _, said := range slices.Concat(toDo.FindAllStringSubmatch(line, -1), promised.FindAllStringSubmatch(line, -1)) {
			at := slices.IndexFunc(d.Actions, func(a digest.Action) bool { return strings.Contains(a.Text, strings.TrimRight(said[2], ".,;")) })
			m.actions = append(m.actions, is(at >= 0))
			if at >= 0 {
				m.owners = append(m.owners, is(owns(d.Actions[at].Owner, said[1], present)))
			}
		}
	}
	for _, said := range resolved.FindAllStringSubmatch(in.Body, -1) {
		words := strings.TrimSpace(bold.ReplaceAllString(said[1], ""))
		m.resolutions = append(m.resolutions, is(slices.ContainsFunc(d.Decisions, func(one digest.Decision) bool { return strings.Contains(one.Text, words) })))
	}
	return nil
}

// written is when minutes were taken.
func written(in attrove.PushNoteIn) time.Time {
	text, _ := in.Metadata[attrove.MetaWrittenAt].(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// initials are the full names of who was there by their initials.
func initials(body string) map[string]string {
	_, there, _ := strings.Cut(body, "## Present")
	there, _, _ = strings.Cut(there, "## ")
	all := map[string]string{}
	for name := range strings.FieldsFuncSeq(there, func(r rune) bool { return r == ',' || r == ':' || r == '\n' }) {
		name, _, _ = strings.Cut(name, "(")
		var short []rune
		for _, word := range strings.Fields(name) {
			short = append(short, []rune(word)[0])
		}
		all[string(short)] = strings.TrimSpace(name)
	}
	return all
}

// owns reports whether an owner is who is meant by initials, in full if they were
// there.
func owns(owner, said string, present map[string]string) bool {
	for who := range strings.SplitSeq(said, " and ") {
		if full := present[who]; !strings.Contains(owner, who) && (full == "" || !strings.Contains(owner, full)) {
			return false
		}
	}
	return true
}

// rows are what all minutes score together.
func (m *minutes) rows(set string) []Row {
	return []Row{alone(set, "action items found", m.actions), alone(set, "owners right", m.owners), alone(set, "resolutions found", m.resolutions)}
}
