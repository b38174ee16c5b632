package attrove

import "strings"

// Evidence says on what a declaration rests: "D", "I+", "I", "I-" or "P-nn".
type Evidence string

// The marks that need no number. Proposals are written "P-nn".
const (
	Documented   Evidence = "D"
	InferredHigh Evidence = "I+"
	Inferred     Evidence = "I"
	InferredLow  Evidence = "I-"
)

// Level is the mark in words: "documented", "inferred", "proposed", or "" for
// a mark that is none of ours.
func (e Evidence) Level() string {
	switch {
	case e == Documented:
		return "documented"
	case e == InferredHigh, e == Inferred, e == InferredLow:
		return "inferred"
	case strings.HasPrefix(string(e), "P-"):
		return "proposed"
	}
	return ""
}

// Guessed reports whether the declaration is not Attrove's own word.
func (e Evidence) Guessed() bool { return e != Documented }
