package meeting

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Cue is something that was said or written.
type Cue struct {
	Start, End time.Duration // since the recording began; zero if unknown
	Speaker    string        // "" if unknown
	Text       string        // one line
}

// timing is the line of a cue in WebVTT and in SubRip, which differ in their
// decimal separator. Some programs leave out hours or milliseconds.
var timing = regexp.MustCompile(`^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?`)

var (
	voice  = regexp.MustCompile(`<v(?:\.[^\s>]*)?\s+([^>]+)>`) // WebVTT's own way to name a speaker
	markup = regexp.MustCompile(`</?[a-zA-Z0-9.:]+[^<>]*>|\{\\[^}]*\}`)

	// speaker is how recorders write who speaks. A name has no sentence in it.
	speaker = regexp.MustCompile(`^([\pL\pN][^:.!?<>\[\]{}]{0,58}?(?:\. ?[\pL\pN][^:.!?<>\[\]{}]{0,40})?)(?: ?\(([^():]{1,40})\))?:\s+(\S.*)$`)
)

// Subtitles reads the cues of a WebVTT or SubRip file; none if it is neither.
//
// go-astisub reads both, but gives up on a whole file for one bad line and
// brings a television stream parser with it.
func Subtitles(raw []byte) []Cue {
	var all []Cue
	var open *Cue
	var words []string
	end := func() {
		if open != nil {
			all = append(all, spoken(*open, words)...)
		}
		open, words = nil, nil
	}
	for line := range lines(raw) {
		match := timing.FindStringSubmatch(line)
		switch {
		case match != nil:
			if n := len(words); n > 0 && isNumber(words[n-1]) { // no empty line before this cue
				words = words[:n-1]
			}
			end()
			open = &Cue{Start: clock(match[1:5]), End: clock(match[5:9])}
		case strings.TrimSpace(line) == "":
			end()
		case open != nil:
			words = append(words, line)
		}
	}
	end()
	return all
}

// spoken splits the text of a cue at its voices.
func spoken(c Cue, words []string) []Cue {
	text := strings.Join(words, " ")
	voices := voice.FindAllStringSubmatchIndex(text, -1)
	if len(voices) == 0 {
		c.Text = clean(text)
		if match := speaker.FindStringSubmatch(c.Text); match != nil {
			c.Speaker, c.Text = nameOf(match), match[3]
		}
		if c.Text == "" {
			return nil
		}
		return []Cue{c}
	}
	var all []Cue
	for i, v := range voices {
		until := len(text)
		if i+1 < len(voices) {
			until = voices[i+1][0]
		}
		one := c
		one.Speaker, one.Text = clean(text[v[2]:v[3]]), clean(text[v[1]:until])
		if one.Text != "" {
			all = append(all, one)
		}
	}
	return all
}

// nameOf is a speaker's name with what stands in parentheses behind it, such as
// a company.
func nameOf(match []string) string {
	name := strings.TrimSpace(match[1])
	if match[2] != "" {
		name += " (" + match[2] + ")"
	}
	return name
}

func clean(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(text, ""))), " ")
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(strings.TrimSpace(text))
	return err == nil
}

// clock adds up hours, minutes, seconds and the digits behind them.
func clock(parts []string) time.Duration {
	var sum time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if n, err := strconv.Atoi(parts[i]); err == nil { // "" is none
			sum += time.Duration(n) * unit
		}
	}
	if len(parts) > 3 {
		if n, err := strconv.Atoi((parts[3] + "000")[:3]); err == nil {
			sum += time.Duration(n) * time.Millisecond
		}
	}
	return sum
}

var (
	// stamped is a line of a transcript or chat that begins with a time.
	stamped = regexp.MustCompile(`^\[?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\]?[\s-]+(\S.*)$`)

	// header is a line that says who speaks from when on; the words are below.
	header = regexp.MustCompile(`^([\pL\pN][^:.!?]{0,58}?)\s+\[?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\]?$`)

	// chatLine is how Zoom saves a chat: time, name and text, between tabs; older
	// versions write "From Name to Everyone:".
	chatLine = regexp.MustCompile(`^(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\t\s*(?:From\s+)?([^\t]+?)(?:\s+to\s+[^\t:]+)?\s*:\s*(.*)$`)
)

// Text reads a transcript of lines "Speaker: words", and false if most of it is
// something else. Lines without a speaker go on with what stands above.
func Text(raw []byte) ([]Cue, bool) {
	var all []Cue
	turns, other := 0, 0
	for line := range lines(raw) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		cue := Cue{Text: clean(line)}
		if match := stamped.FindStringSubmatch(line); match != nil {
			cue.Start, cue.Text = clock(match[1:4]), clean(match[4])
		}
		if match := header.FindStringSubmatch(line); match != nil {
			turns++
			all = append(all, Cue{Speaker: clean(match[1]), Start: clock(match[2:5])})
			continue
		}
		switch match := speaker.FindStringSubmatch(cue.Text); {
		case match != nil:
			turns++
			cue.Speaker, cue.Text = nameOf(match), match[3]
			all = append(all, cue)
		case len(all) > 0:
			other++
			last := &all[len(all)-1]
			last.Text = strings.TrimSpace(last.Text + " " + cue.Text)
		default:
			other++
			all = append(all, cue)
		}
	}
	return all, turns >= 4 && turns > other && repeated(all)
}

// repeated reports whether speakers come back, as they do when people talk and
// do not in a list of facts.
func repeated(all []Cue) bool {
	names := map[string]bool{}
	for _, c := range all {
		names[c.Speaker] = true
	}
	return 2*len(names) <= len(all)
}

// Chat reads the chat that was saved beside a transcript, and false if it is none.
func Chat(raw []byte) ([]Cue, bool) {
	var all []Cue
	for line := range lines(raw) {
		match := chatLine.FindStringSubmatch(line)
		switch {
		case match != nil:
			all = append(all, Cue{Start: clock(match[1:4]), Speaker: clean(match[4]), Text: clean(match[5])})
		case len(all) > 0:
			last := &all[len(all)-1]
			last.Text = strings.TrimSpace(last.Text + " " + clean(line))
		case strings.TrimSpace(line) != "":
			return nil, false
		}
	}
	return all, len(all) > 0
}

// lines are those of a text in whatever form, as UTF-8.
func lines(raw []byte) func(yield func(string) bool) {
	text := strings.ToValidUTF8(string(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))), "\uFFFD")
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			for part := range strings.SplitSeq(strings.TrimRight(line, "\r\n"), "\r") {
				if !yield(part) {
					return
				}
			}
		}
	}
}
