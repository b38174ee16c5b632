package answer

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/model"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// Writer writes answers from evidence, as a language model does.
type Writer interface {
	Name() string // who writes
	// Write returns an answer that passes model.CheckAnswer. The user gets to read
	// its error.
	Write(ctx context.Context, q model.Question) (string, error)
}

// WrittenBy returns an answerer whose answers w writes from the lines that a would
// quote. Where w fails they are quoted.
func (a *Answerer) WrittenBy(w Writer) *Answerer {
	written := *a
	written.writer = w
	return &written
}

// write makes a draft of lines. Without lines nobody is asked: there is no answer.
func (a *Answerer) write(ctx context.Context, q question, lines []line) (draft, error) {
	if a.writer == nil || len(lines) == 0 {
		return quoted(lines), nil
	}
	evidence := slices.Concat(lines...)
	asked := model.Question{Text: q.asked, Now: q.now, Whole: q.intent.lists()}
	for _, s := range evidence {
		asked.Evidence = append(asked.Evidence, s.text)
	}
	text, err := a.writer.Write(ctx, asked)
	switch {
	case ctx.Err() != nil:
		return draft{}, ctx.Err()
	case err != nil:
		return quoted(lines).then(draft{text: "(The sources are quoted: " + err.Error() + ".)\n"}), nil //nolint:nilerr // the user is told
	}
	return cited(text, evidence, a.writer.Name()), nil
}

// number is a citation by the place in the evidence, from 1.
var number = regexp.MustCompile(`\[([0-9]+)\]`)

// cited is a text with the ids of what it cites in place of the numbers.
func cited(text string, evidence []sentence, by string) draft {
	d := draft{by: by}
	var sources []speech.Source
	for _, s := range evidence {
		sources = append(sources, s.source)
	}
	var out strings.Builder
	before, last := 0, ""
	for _, at := range number.FindAllStringSubmatchIndex(text, -1) {
		n, err := strconv.Atoi(text[at[2]:at[3]])
		if err != nil || n < 1 || n > len(sources) { // it passed the check
			continue
		}
		id := "[" + sources[n-1].ID + "]"
		between := text[before:at[0]]
		before = at[1]
		if id == last && strings.TrimSpace(between) == "" { // two sentences of one source
			continue
		}
		out.WriteString(between + id)
		last = id
		d.sources = append(d.sources, sources[n-1])
	}
	out.WriteString(text[before:])
	d.text = out.String() + "\n"
	return d
}

// lists reports whether the answer is a list, of which every row counts; else it is
// what fits best.
func (i intent) lists() bool {
	switch i {
	case lookUp, said, whoSaid, noted, decisions, catchUp:
		return false
	default:
		return true
	}
}
