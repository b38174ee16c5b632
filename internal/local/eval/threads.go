package eval

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
)

// measureThreads digests recorded calls of a project that publishes what each came
// to, and written minutes that say themselves who is to do what.
func measureThreads(_ context.Context, o Options) (Section, error) {
	out := Section{About: "what digests hold of what meetings came to; one meeting in three is unseen. The action items and decisions of calls were published, worded\n" +
		"anew, with their times: one is found by a sentence within a minute that shares a word, or within five that shares two fifths; a sentence is right if it\n" +
		"finds one, and an owner if the item found has that one. Chance is to be as near at nine other times of the call. Minutes file what they resolve, and say\n" +
		"\"AB to send it\" or \"AB: will send it\": found if in the digest in these words."}
	var read [2]calls
	if err := each(o.Dir, "vtt-ethereum-pm/*.vtt", func(path string) error {
		c, err := readCall(path)
		part := &read[heldBack(path)]
		*part = append(*part, c)
		return err
	}); err != nil {
		return out, err
	}
	var wrote [2]minutes
	if err := each(o.Dir, "minutes-md/*.md", func(path string) error { return wrote[heldBack(path)].read(path) }); err != nil {
		return out, err
	}
	for i, set := range []string{"", "unseen "} {
		out.Rows = slices.Concat(out.Rows, read[i].rows(set+"calls"), wrote[i].rows(set+"minutes"))
	}
	return out, nil
}

// each does something with all files of transcripts that match.
func each(dir, pattern string, do func(path string) error) error {
	pattern = filepath.Join(dir, "transcripts", filepath.FromSlash(pattern))
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no %s", pattern)
	}
	for _, path := range files {
		if err := do(path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// heldBack is 1 of the third of the meetings that nobody looks at while rules are
// made, and 0 of the others.
func heldBack(path string) int {
	name := filepath.Base(path)
	name = name[:len(name)-len(filepath.Ext(name))]
	if sha256.Sum256([]byte(name))[0]%3 == 0 {
		return 1
	}
	return 0
}

// alone is what systems score where there is no baseline.
func alone(set, metric string, of []float64) Row {
	return compare(set, metric, len(of), nil, averaging("ours", of))
}
