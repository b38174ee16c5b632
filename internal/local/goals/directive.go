package goals

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// form is how a mail is written.
type form struct {
	short  bool
	formal bool
	warm   bool
	firm   bool
	points []string // sentences to add, in the user's words
}

// readDirective takes a directive apart, at commas and full stops. Of each part it
// knows a wish for the form, or makes a point of the mail. What the mail is to do,
// such as "offer a call", stands in it in brackets, for the user to write: a rule
// that put it in words would make something up. What no draft does is refused.
func readDirective(directive string) (form, error) {
	var f form
	for _, part := range strings.FieldsFunc(directive, func(r rune) bool { return strings.ContainsRune(",;.\n", r) }) {
		part = f.afterStyle(strings.TrimSpace(part))
		if part == "" || strings.EqualFold(part, "please") || f.style(part) {
			continue
		}
		sentence, ok := point(part)
		if !ok {
			return f, &attrove.Error{
				Code: attrove.CodeValidation, Status: http.StatusUnprocessableEntity, Field: "directive",
				Message: fmt.Sprintf("directive: %q is nothing that a draft can do; give a form (shorter, formal, friendly, firm) or a point (\"mention that ...\", \"ask whether ...\")", part),
			}
		}
		f.points = append(f.points, sentence)
	}
	return f, nil
}

// afterStyle takes in a wish for the form that goes before another wish, as in
// "keep it short and offer a call", and returns the other.
func (f *form) afterStyle(part string) string {
	if before, after, both := strings.Cut(part, " and "); both && f.style(before) {
		return after
	}
	return part
}

// style takes in a part of a directive that wants a form, such as "make it short
// and friendly".
func (f *form) style(part string) bool {
	const most = 7 // words; more is a point that happens to have one of these
	text := speech.Plain(part)
	if len(strings.Fields(part)) > most || pointLead(part) != "" {
		return false
	}
	known := false
	for _, s := range []struct {
		flag  *bool
		words string
	}{
		{&f.short, "short|shorter|brief|briefer|briefly|concise|to the point"},
		{&f.formal, "formal|formally|polite|politely"},
		{&f.warm, "friendly|friendlier|warm|warmer|casual|informal"},
		{&f.firm, "firm|firmer|firmly|urgent|direct|stronger"},
	} {
		if speech.HasAny(text, s.words) {
			*s.flag, known = true, true
		}
	}
	return known
}

// leads begin the points of a directive, with what the mail has in their place.
func leads() [][2]string {
	return [][2]string{
		{"ask whether ", "Could you also tell me whether %s?"}, {"ask if ", "Could you also tell me whether %s?"},
		{"ask about ", "Could you also tell me about %s?"}, {"ask for ", "Could you also let me have %s?"},
		{"mention that ", "%s."}, {"add that ", "%s."}, {"say that ", "%s."}, {"tell them that ", "%s."}, {"tell them ", "%s."},
		{"remind them that ", "%s."}, {"point out that ", "%s."}, {"include that ", "%s."},
		{"mention ", "I also wanted to mention %s."}, {"add ", "I also wanted to mention %s."}, {"say ", "%s."},
		{"include ", "I also wanted to mention %s."}, {"remind them of ", "I also wanted to mention %s."},
	}
}

// pointLead is how a part begins that is a point, "" when it is none.
func pointLead(part string) string {
	for _, lead := range leads() {
		if len(part) > len(lead[0]) && strings.EqualFold(part[:len(lead[0])], lead[0]) {
			return lead[0]
		}
	}
	return ""
}

// point makes a sentence of what a directive wants to be said, in its words: a
// point that it asks for, or a whole sentence.
func point(part string) (string, bool) {
	for _, polite := range []string{"please ", "and ", "also "} {
		if len(part) > len(polite) && strings.EqualFold(part[:len(polite)], polite) {
			return point(part[len(polite):])
		}
	}
	for _, lead := range leads() {
		if lead[0] == pointLead(part) {
			return capital(fmt.Sprintf(lead[1], strings.TrimSpace(part[len(lead[0]):]))), true
		}
	}
	words := strings.Fields(part)
	if len(words) < 3 || speech.HasAny(speech.Plain(words[0]), undoable) {
		return "", false
	}
	if speech.HasAny(speech.Plain(strings.Join(words[:3], " ")), "we|i|you|our|my|we'll|i'll|they|it|the|there") {
		return capital(part) + ".", true
	}
	return "[" + capital(part) + ".]", true
}

// undoable begin what a draft of extracts cannot be told to do.
const undoable = "make|write|rewrite|use|send|do|keep|put|give|translate|remove|change|sign|ignore|forget|let"

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
