package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// near is how close in time a sentence of a digest is to what was published.
const near = 30 * time.Second

// measureThreads digests calls of a project that publishes what each came to: its
// action items and decisions, worded anew and with their times.
func measureThreads(_ context.Context, o Options) (Section, error) {
	out := Section{About: "what the digests of calls hold of the action items and decisions that were published of them: by words (two fifths of an item's\n" +
		"in a sentence and its neighbours; items that no part of the call matches so are left out), or within half a minute. Chance is as many sentences anywhere."}
	files, err := filepath.Glob(filepath.Join(o.Dir, "transcripts", "vtt-ethereum-pm", "*.vtt"))
	if err != nil {
		return out, err
	}
	if len(files) == 0 {
		return out, fmt.Errorf("there is no %s", filepath.Join(o.Dir, "transcripts", "vtt-ethereum-pm", "*.vtt"))
	}
	var byWords, byTime published
	for _, path := range files {
		c, err := readCall(path)
		if err != nil {
			return out, err
		}
		byWords.add(c.words())
		byTime.add(c.times())
	}
	out.Rows = slices.Concat(byWords.rows("by words"), byTime.rows("by time"))
	return out, nil
}

// tally says of each published item whether it is found, and how probable that is
// by chance.
type tally struct{ found, chance []float64 }

func (t *tally) count(found bool, chance float64) {
	t.found, t.chance = append(t.found, is(found)), append(t.chance, chance)
}

// published are the tallies of what is published of calls.
type published struct{ actions, decisions tally }

func (p *published) add(o published) {
	p.actions.found, p.actions.chance = append(p.actions.found, o.actions.found...), append(p.actions.chance, o.actions.chance...)
	p.decisions.found, p.decisions.chance = append(p.decisions.found, o.decisions.found...), append(p.decisions.chance, o.decisions.chance...)
}

func (p *published) rows(metric string) []Row {
	row := func(set string, t tally) Row {
		return compare(set, metric, len(t.found), []contender{averaging("chance", t.chance)}, averaging("ours", t.found))
	}
	return []Row{row("action items", p.actions), row("decisions", p.decisions)}
}

// call is a call: its digest, what was published of it, and its transcript.
type call struct {
	digest  digest.Digest
	minutes minutes
	said    []map[string]bool // the words of each stretch of three sentences
	cues    []cue
}

// minutes are what was published of a call.
type minutes struct {
	Actions []struct {
		Text string `json:"action"`
		At   clock  `json:"timestamp"`
	} `json:"action_items"`
	Decisions []struct {
		Text string `json:"decision"`
		At   clock  `json:"timestamp"`
	} `json:"decisions"`
}

// clock is a time since a call began, written 01:02:03.
type clock time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *clock) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.TimeOnly, string(text))
	*c = clock(at.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
	return err
}

// cue is a line of a transcript with its time.
type cue struct {
	at    time.Duration
	words map[string]bool
}

var (
	cueLine = regexp.MustCompile(`(?m)^([\d:]+)\.\d+ --> .*\r?\n(.*)$`)
	cueHead = regexp.MustCompile(`(?m)^\d+\n[\d:.]+ --> .*\n`)
)

func readCall(path string) (call, error) {
	var c call
	raw, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	list := strings.TrimSuffix(path, ".vtt") + ".tldr.json"
	data, err := os.ReadFile(list)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(data, &c.minutes); err != nil {
		return c, fmt.Errorf("read %s: %w", list, err)
	}
	for _, m := range cueLine.FindAllStringSubmatch(string(raw), -1) {
		var at clock
		if err := at.UnmarshalText([]byte(m[1])); err != nil {
			return c, fmt.Errorf("read %s: %w", path, err)
		}
		c.cues = append(c.cues, cue{time.Duration(at), prose.Stems(m[2])})
	}
	text := strings.TrimPrefix(strings.ReplaceAll(string(raw), "\r\n", "\n"), "WEBVTT")
	meeting := store.Meeting{ID: "mtg_1", Title: "Call", Transcript: cueHead.ReplaceAllString(text, "")}
	c.digest = digest.NewReader().Meeting(speech.NewSelf(store.User{}), meeting)
	c.said = stretches(meeting)
	return c, nil
}

// words are the tallies by words.
func (c call) words() published {
	var todo, decided []map[string]bool
	for _, a := range c.digest.Actions {
		todo = append(todo, around(a.Statement))
	}
	for _, d := range c.digest.Decisions {
		decided = append(decided, around(d.Statement))
	}
	var p published
	for _, a := range c.minutes.Actions {
		c.count(&p.actions, a.Text, todo)
	}
	for _, d := range c.minutes.Decisions {
		c.count(&p.decisions, d.Text, decided)
	}
	return p
}

// count counts an item if any part of the call matches it.
func (c call) count(into *tally, item string, in []map[string]bool) {
	hits := 0
	for _, s := range c.said {
		if covers(s, item) {
			hits++
		}
	}
	if hits == 0 {
		return
	}
	misses := math.Pow(1-float64(hits)/float64(len(c.said)), float64(len(in)))
	into.count(slices.ContainsFunc(in, func(has map[string]bool) bool { return covers(has, item) }), 1-misses)
}

// times are the tallies by time.
func (c call) times() published {
	var todo, decided []time.Duration
	for _, a := range c.digest.Actions {
		todo = append(todo, c.when(a.Text))
	}
	for _, d := range c.digest.Decisions {
		decided = append(decided, c.when(d.Text))
	}
	length := c.cues[len(c.cues)-1].at - c.cues[0].at
	count := func(into *tally, at time.Duration, in []time.Duration) {
		misses := math.Pow(1-min(1, 2*near.Seconds()/length.Seconds()), float64(len(in)))
		into.count(slices.ContainsFunc(in, func(o time.Duration) bool { return (o - at).Abs() <= near }), 1-misses)
	}
	var p published
	for _, a := range c.minutes.Actions {
		count(&p.actions, time.Duration(a.At), todo)
	}
	for _, d := range c.minutes.Decisions {
		count(&p.decisions, time.Duration(d.At), decided)
	}
	return p
}

// when is the time of the line that has most of a text.
func (c call) when(text string) time.Duration {
	var at time.Duration
	most, stems := -1, prose.Stems(text)
	for _, line := range c.cues {
		n := 0
		for stem := range stems {
			if line.words[stem] {
				n++
			}
		}
		if n > most {
			at, most = line.at, n
		}
	}
	return at
}

// covers reports whether words hold enough of an item to be about it.
func covers(has map[string]bool, item string) bool {
	const enough = 0.4
	wanted, n := prose.Terms(item), 0
	for _, term := range wanted {
		if has[term] {
			n++
		}
	}
	return n >= 2 && float64(n) >= enough*float64(len(wanted))
}

// around are the words of a statement and its neighbours.
func around(s speech.Statement) map[string]bool {
	return prose.Stems(s.Before + " " + s.Text + " " + s.After)
}

// stretches are the words of all stretches of three sentences of a meeting.
func stretches(m store.Meeting) []map[string]bool {
	var flat []string
	for _, turn := range prose.Turns(m.Transcript) {
		for _, s := range prose.Sentences(turn.Text) {
			flat = append(flat, s.Text)
		}
	}
	var out []map[string]bool
	for i := range flat {
		out = append(out, prose.Stems(strings.Join(flat[max(0, i-1):min(len(flat), i+2)], " ")))
	}
	return out
}
