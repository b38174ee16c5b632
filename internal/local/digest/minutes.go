package digest

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Minutes are a meeting's digest in the fields that a meeting has.
type Minutes struct {
	ShortSummary string
	Summary      string
	ActionItems  []store.ActionItem
}

// Minutes reads a meeting's transcript. A line of the summary is a sentence that
// somebody said, with their name; those that state a decision and those that
// leave a question open say so.
func (r Reader) Minutes(me speech.Self, m store.Meeting) Minutes {
	d := r.Meeting(me, m)
	var out Minutes
	var short, lines []string
	for _, s := range d.Gist {
		short = append(short, saying(s))
	}
	out.ShortSummary = strings.Join(short, " ")
	for _, s := range d.Points {
		if !slices.ContainsFunc(d.Decisions, func(one Decision) bool { return inOrder(one.Statement, s) == 0 }) {
			lines = append(lines, saying(s))
		}
	}
	for _, one := range d.Decisions {
		lines = append(lines, told(one))
	}
	for _, s := range d.Questions {
		lines = append(lines, "Open: "+saying(s))
	}
	if len(lines) > 0 && !prose.English(m.Transcript) {
		lines = append(lines, mostlyEnglish)
	}
	out.Summary = strings.Join(lines, "\n")
	for _, one := range d.Actions {
		owners := one.Owners()
		if len(owners) == 0 {
			owners = []string{""}
		}
		for _, owner := range owners { // each of them has it to do
			out.ActionItems = append(out.ActionItems, store.ActionItem{Description: one.Words(), Assignee: owner})
		}
	}
	return out
}

// mostlyEnglish says what the rules do not find in other languages.
const mostlyEnglish = "Decisions and action items are recognized in English; in German, French and Spanish only where a heading or a label names them."

// told is a decision with those that it replaced.
func told(d Decision) string {
	words := []string{"Decided: " + saying(d.Statement)}
	for _, before := range d.Instead {
		words = append(words, "Before that: "+saying(before))
	}
	return strings.Join(words, " ")
}

// saying is a statement with its speaker.
func saying(s speech.Statement) string {
	if s.Author.Name == "" && s.Author.Email == "" {
		return speech.Clip(s.Text)
	}
	return speech.Call(s.Author) + ": " + speech.Clip(s.Text)
}
