package eval

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// oneLine is how one would do it in a line: it asks, or offers.
var oneLine = regexp.MustCompile(`(?i)\?\s*$|\b(please|let me know|can you|could you|would you|will you|i will|i'll|we will|we'll|need to|let's)\b`)

// measureIntents reads sentences of business mail that people have marked as asking
// for something or committing to something, or not.
func measureIntents(_ context.Context, o Options) (Section, error) {
	out := Section{About: "whether a sentence of mail asks or commits, beside a regular expression of one line.\nThe rules are not made on the unseen fifth."}
	all, err := labelled(filepath.Join(o.Dir, "intents", "parakweet-intent-train.tsv"))
	if err != nil {
		return out, err
	}
	var held []labelledSentence
	for _, s := range all {
		if unseen(s.text) {
			held = append(held, s)
		}
	}
	reader := speech.NewReader()
	for _, set := range []struct {
		name      string
		sentences []labelledSentence
	}{{"all", all}, {"unseen fifth", held}} {
		var line, ours []verdict
		for _, s := range set.sentences {
			line = append(line, verdict{s.is, oneLine.MatchString(s.text)})
			ours = append(ours, verdict{s.is, reader.Read(s.text).Has(speech.Ask | speech.Promise)})
		}
		out.Rows = append(out.Rows, classified(set.name, []judge{{"one line", line}}, judge{"ours", ours})...)
	}
	return out, nil
}

// labelledSentence is a sentence, and whether it asks or commits.
type labelledSentence struct {
	text string
	is   bool
}

func labelled(path string) ([]labelledSentence, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	var out []labelledSentence
	rows := bufio.NewScanner(file)
	for rows.Scan() {
		label, text, ok := strings.Cut(rows.Text(), "\t")
		if !ok {
			return nil, fmt.Errorf("read %s: line %d has no tab", path, len(out)+1)
		}
		out = append(out, labelledSentence{text, label == "Yes"})
	}
	return out, rows.Err()
}
