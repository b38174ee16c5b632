package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
)

// toUTF8 returns raw as UTF-8. What is not UTF-8 already declared no character
// set, or a wrong one, and is guessed at.
func toUTF8(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	enc, _ := charset.Lookup("windows-1252")
	// Short text gives the detector too little to go by.
	if len(raw) >= 60 {
		if best, err := chardet.NewTextDetector().DetectBest(raw); err == nil && best.Confidence >= 50 {
			if found, _ := charset.Lookup(best.Charset); found != nil {
				enc = found
			}
		}
	}
	if enc == nil {
		enc = charmap.Windows1252
	}
	text, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(text)
}

// unprinted is what stands for other characters, or for none.
var unprinted = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\ufeff", "")

// tidy gives text LF line ends, no trailing spaces, no control characters and
// no more than two empty lines in a row.
func tidy(text string) string {
	if strings.Contains(text, "\r") || strings.Contains(text, "\u00a0") || strings.Contains(text, "\ufeff") {
		text = unprinted.Replace(text)
	}
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	var b strings.Builder
	b.Grow(len(text))
	blanks := 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			blanks++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n\n"[:min(blanks+1, 3)])
		}
		b.WriteString(line)
		blanks = 0
	}
	return b.String()
}

// garbled reports whether text is mostly what no decoding could make sense of.
func garbled(text string) bool {
	bad, all := 0, 0
	for _, r := range text {
		all++
		if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) {
			bad++
		}
	}
	return bad*5 > all
}

// unflow joins the lines that format=flowed (RFC 3676) broke. A flowed line ends
// in a space, which delSp says to delete, and goes on in the next of the same
// quote depth.
func unflow(text string, delSp bool) string {
	var out []string
	flowing, depthBefore := false, 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		content := strings.TrimLeft(line, ">")
		depth := len(line) - len(content)
		content = strings.TrimPrefix(content, " ") // space-stuffing
		signature := content == "-- "
		if flowing && depth == depthBefore && !signature {
			out[len(out)-1] += content
		} else if depth > 0 {
			out = append(out, strings.Repeat(">", depth)+" "+content)
		} else {
			out = append(out, content)
		}
		flowing = strings.HasSuffix(content, " ") && !signature
		if flowing && delSp {
			out[len(out)-1] = strings.TrimSuffix(out[len(out)-1], " ")
		}
		depthBefore = depth
	}
	return strings.Join(out, "\n")
}

// unenrich reduces text/enriched (RFC 1896) to its text: "<<" is "<", commands
// in angle brackets go, and so does what stands between <param> tags.
func unenrich(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		text = text[i:]
		if strings.HasPrefix(text, "<<") {
			b.WriteByte('<')
			text = text[2:]
			continue
		}
		end := strings.IndexByte(text, '>')
		if end < 0 {
			break
		}
		command := text[:end+1]
		text = text[end+1:]
		if strings.EqualFold(command, "<param>") {
			if i := strings.Index(strings.ToLower(text), "</param>"); i >= 0 {
				text = text[i+len("</param>"):]
			}
		}
	}
	b.WriteString(text)
	return b.String()
}
