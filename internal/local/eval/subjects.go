package eval

import (
	"maps"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// Which subjects are queries: those that say something, of mails that do, and not
// those of a series.
const (
	fewestInSubject = 3 // different words that are no stop words
	fewestInMail    = 10
	mostOfOne       = 3 // mails with the same subject
)

// bySubject is a mailbox without any subjects, with those that began a thread as
// queries for the mails that they were of. The documents share nothing with docs.
func bySubject(name string, docs []document) set {
	s := set{name: name}
	of := map[string]map[string]bool{}
	for _, d := range docs {
		if title, begins := titleOf(d.message.Subject); begins &&
			len(prose.Terms(title)) >= fewestInSubject && len(prose.Terms(d.message.BodyText)) >= fewestInMail {
			if of[title] == nil {
				of[title] = map[string]bool{}
			}
			of[title][d.name] = true
		}
		untitled := *d.message
		untitled.Subject = ""
		s.documents = append(s.documents, document{name: d.name, message: &untitled})
	}
	for _, title := range slices.Sorted(maps.Keys(of)) {
		if len(of[title]) <= mostOfOne {
			s.queries = append(s.queries, query{text: title, documents: of[title]})
		}
	}
	return s
}

// titleOf is a subject without the tags of lists, and whether it begins a thread.
func titleOf(subject string) (title string, begins bool) {
	title = mail.Topic(subject)
	begins = strings.EqualFold(title, strings.Join(strings.Fields(subject), " "))
	for strings.HasPrefix(title, "[") {
		_, rest, closed := strings.Cut(title, "]")
		if !closed {
			break
		}
		title = strings.TrimSpace(rest)
	}
	return title, begins
}
