package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Report is what an examination found.
type Report struct {
	Version  string // of this program
	Source   string // of Attrove's document
	Theirs   Spec
	Unread   string // why the document could not be compared, "" if it was
	Document []Difference
	Probes   []Probe
	Live     []Difference
	NotAsked string // why no read was asked, "" if some were
}

func (r *Report) compare(ctx context.Context, ours Spec, from source) {
	r.Source = from.name
	raw, err := from.read(ctx)
	if err == nil {
		r.Theirs, err = ReadSpec(raw)
	}
	if err != nil {
		r.Unread = err.Error()
		return
	}
	r.Document = Compare(ours, r.Theirs)
}

// Same reports whether everything that was to be checked was, and is as
// declared. Reads that were skipped do not count.
func (r Report) Same() bool {
	return r.Unread == "" && len(r.Document) == 0 && len(r.Live) == 0 &&
		!slices.ContainsFunc(r.Probes, func(p Probe) bool { return p.Failed })
}

// Verdict is the report in one sentence.
func (r Report) Verdict() string {
	failed := 0
	for _, p := range r.Probes {
		if p.Failed {
			failed++
		}
	}
	document, answers := "the OpenAPI document says what this program declares", "the answers are as declared"
	switch {
	case r.Unread != "":
		document = fmt.Sprintf("the OpenAPI document could not be compared (%s)", r.Unread)
	case len(r.Document) > 0:
		document = fmt.Sprintf("the OpenAPI document differs in %d places", len(rows(r.Document)))
	}
	switch {
	case r.NotAsked != "":
		answers = "no read was asked"
	case failed > 0 || len(r.Live) > 0:
		answers = fmt.Sprintf("the answers differ in %d places and %d reads failed", len(rows(r.Live)), failed)
	}
	return document + "; " + answers
}

// Markdown is the report for an issue.
func (r Report) Markdown() string {
	var page strings.Builder
	fmt.Fprintf(&page, "# Attrove's API and attrove-mcp %s\n\n", clip(r.Version))
	page.WriteString("Names, types and statuses only: this report holds no content, no ids and no keys.\n\n")
	fmt.Fprintf(&page, "Result: %s.\n\n", r.Verdict())
	fmt.Fprintf(&page, "## The OpenAPI document\n\nRead from %s. ", r.Source)
	if r.Unread != "" {
		fmt.Fprintf(&page, "It could not be compared: %s.\n", r.Unread)
	} else {
		fmt.Fprintf(&page, "OpenAPI %s, `%s` %s, %d operations.\n", clip(r.Theirs.OpenAPI), clip(r.Theirs.Title), clip(r.Theirs.Version), len(r.Theirs.Operations))
		if r.Theirs.Unread > 0 {
			fmt.Fprintf(&page, "%d of its references lead nowhere or too far; what they stand for was not compared.\n", r.Theirs.Unread)
		}
		table(&page, r.Document, "Attrove's document")
	}
	page.WriteString("\n## The answers\n\n")
	if r.NotAsked != "" {
		fmt.Fprintf(&page, "No read was asked: %s.\n", r.NotAsked)
		return page.String()
	}
	page.WriteString("Every read that needs no id was asked with the user's key, then those whose id a list showed.\n")
	table(&page, r.Live, "Attrove's answer")
	page.WriteString("\n| read | outcome |\n|---|---|\n")
	for _, p := range r.Probes {
		fmt.Fprintf(&page, "| `%s` | %s |\n", p.Operation, p.Outcome)
	}
	return page.String()
}

// row is a difference with all the operations that have it.
type row struct {
	Difference
	operations []string
}

// rows puts the same differences of several operations together, the most
// common first.
func rows(all []Difference) []row {
	var grouped []row
	at := map[Difference]int{}
	for _, one := range all {
		same := one
		same.Operation = ""
		i, known := at[same]
		if !known {
			i = len(grouped)
			at[same], grouped = i, append(grouped, row{Difference: same})
		}
		if !slices.Contains(grouped[i].operations, one.Operation) {
			grouped[i].operations = append(grouped[i].operations, one.Operation)
		}
	}
	slices.SortStableFunc(grouped, func(a, b row) int { return cmp.Compare(len(b.operations), len(a.operations)) })
	return grouped
}

const (
	maxNamed = 4    // operations of one row
	maxRows  = 2000 // of one table: an issue takes 64 KiB, a file more
)

func table(page *strings.Builder, all []Difference, theirs string) {
	found := rows(all)
	if len(found) == 0 {
		page.WriteString("\nNo differences.\n")
		return
	}
	fmt.Fprintf(page, "\n| operation | where | %s | attrove-mcp | rests on |\n|---|---|---|---|---|\n", theirs)
	for i, one := range found {
		if i == maxRows {
			fmt.Fprintf(page, "\nand %d more\n", len(found)-maxRows)
			return
		}
		var names []string
		for _, name := range one.operations[:min(len(one.operations), maxNamed)] {
			names = append(names, quoted(name))
		}
		if more := len(one.operations) - maxNamed; more > 0 {
			names = append(names, fmt.Sprintf("%d more", more))
		}
		fmt.Fprintf(page, "| %s | %s | %s | %s | %s |\n", strings.Join(names, ", "), quoted(one.Where), quoted(one.Theirs), quoted(one.Ours), clip(one.Mark))
	}
}

func quoted(s string) string {
	if s == "" {
		return "none"
	}
	return "`" + clip(s) + "`"
}
