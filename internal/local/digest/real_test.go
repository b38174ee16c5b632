package digest_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// call is a real call: its digest, what the project that held it published as
// its action items and decisions, and its transcript.
type call struct {
	digest digest.Digest
	want   publishedMinutes
	said   []map[string]bool // the words of each stretch of three sentences
	cues   cues
}

func TestRealMeetings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(realdata.Dir(t, "transcripts", "vtt-ethereum-pm"), "*.vtt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var calls []call
	for _, path := range files {
		m := readCall(t, path)
		calls = append(calls, call{digest.NewReader().Meeting(speech.NewSelf(store.User{}), m),
			readMinutes(t, strings.TrimSuffix(path, ".vtt")+".tldr.json"), sentences(m), readCues(t, path)})
	}
	t.Run("in words", func(t *testing.T) { compareWords(t, calls) })
	t.Run("in time", func(t *testing.T) { compareTimes(t, calls) })
}

// compareWords counts what was found by its words. Published minutes are worded
// anew, so an item counts as found when one of the digest's sentences, with its
// neighbours, has two fifths of its words; and only such items are counted that
// any stretch of the transcript could match so.
func compareWords(t *testing.T, calls []call) {
	t.Helper()
	var actions, decisions, anything, spread tally
	listed := 0
	for _, c := range calls {
		var todo, decided, other []map[string]bool
		for _, a := range c.digest.Actions {
			todo = append(todo, around(a.Statement))
		}
		for _, d := range c.digest.Decisions {
			decided = append(decided, around(d.Statement))
		}
		for _, s := range slices.Concat(c.digest.Points, c.digest.Gist, c.digest.Questions) {
			other = append(other, around(s))
		}
		all := slices.Concat(todo, decided, other)
		listed += len(all)
		for _, text := range c.want.actions {
			actions.count(text, todo, c.said)
		}
		for _, text := range c.want.decisions {
			decisions.count(text, decided, c.said)
		}
		for _, text := range slices.Concat(c.want.actions, c.want.decisions) {
			anything.count(text, all, c.said)
			spread.chance(text, c.said, len(all))
		}
	}
	t.Logf("action items %v, decisions %v; either anywhere in the digest %v; in as many sentences at even distances %v; %d sentences of %d calls",
		actions, decisions, anything, spread, listed, len(calls))
	assert.Greater(t, anything.share(), 1.5*spread.share(), "a digest finds more than chance")
	assert.Greater(t, anything.share(), 0.35)
}

// compareTimes counts what was found by its time: within half a minute of when
// the published list has it somebody took something on, or decided.
func compareTimes(t *testing.T, calls []call) {
	t.Helper()
	const near = 30 * time.Second
	var actions, decisions tally
	var actionsByChance, decisionsByChance float64
	for _, c := range calls {
		var todo, decided []time.Duration
		for _, a := range c.digest.Actions {
			todo = append(todo, c.cues.when(a.Text))
		}
		for _, d := range c.digest.Decisions {
			decided = append(decided, c.cues.when(d.Text))
		}
		length := c.cues[len(c.cues)-1].at - c.cues[0].at
		covered := func(n int) float64 { return 1 - math.Pow(1-min(1, 2*near.Seconds()/length.Seconds()), float64(n)) }
		actionsByChance += float64(len(c.want.actionsAt)) * covered(len(todo))
		decisionsByChance += float64(len(c.want.decisionsAt)) * covered(len(decided))
		for _, at := range c.want.actionsAt {
			actions.within(at, near, todo)
		}
		for _, at := range c.want.decisionsAt {
			decisions.within(at, near, decided)
		}
	}
	t.Logf("within %v: action items %v (by chance %.1f), decisions %v (by chance %.1f)", near, actions, actionsByChance, decisions, decisionsByChance)
	assert.Greater(t, float64(actions.found), 1.5*actionsByChance)
	assert.Greater(t, float64(decisions.found), 2*decisionsByChance)
}

func (c *tally) within(at, near time.Duration, of []time.Duration) {
	c.possible++
	if slices.ContainsFunc(of, func(o time.Duration) bool { return (o - at).Abs() <= near }) {
		c.found++
	}
}

// cue is a line of a transcript with its time.
type cue struct {
	at    time.Duration
	words map[string]bool
}

type cues []cue

func readCues(t *testing.T, path string) cues {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var all cues
	for _, m := range regexp.MustCompile(`(?m)^([\d:]+)\.\d+ --> .*\r?\n(.*)$`).FindAllStringSubmatch(string(data), -1) {
		all = append(all, cue{clock(t, m[1]), prose.Stems(m[2])})
	}
	require.NotEmpty(t, all)
	return all
}

// when is the time of the line that has most of a text.
func (all cues) when(text string) time.Duration {
	var at time.Duration
	most, stems := -1, prose.Stems(text)
	for _, c := range all {
		n := 0
		for stem := range stems {
			if c.words[stem] {
				n++
			}
		}
		if n > most {
			at, most = c.at, n
		}
	}
	return at
}

func clock(t *testing.T, text string) time.Duration {
	t.Helper()
	at, err := time.Parse("15:04:05", text)
	require.NoError(t, err)
	return at.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))
}

// tally counts what was found of what could be.
type tally struct{ found, possible int }

func (c *tally) count(text string, in, said []map[string]bool) {
	if !covers(said, text) {
		return
	}
	c.possible++
	if covers(in, text) {
		c.found++
	}
}

func (c tally) share() float64 { return float64(c.found) / float64(max(c.possible, 1)) }

func covers(texts []map[string]bool, item string) bool {
	const enough = 0.4
	wanted := prose.Terms(item)
	for _, has := range texts {
		n := 0
		for _, term := range wanted {
			if has[term] {
				n++
			}
		}
		if n >= 2 && float64(n) >= enough*float64(len(wanted)) {
			return true
		}
	}
	return false
}

// around are the words of a statement and its neighbours.
func around(s speech.Statement) map[string]bool {
	return prose.Stems(s.Before + " " + s.Text + " " + s.After)
}

// sentences are the words of all stretches of three sentences of a meeting.
func sentences(m store.Meeting) []map[string]bool {
	var flat []string
	var out []map[string]bool
	for _, turn := range prose.Turns(m.Transcript) {
		for _, s := range prose.Sentences(turn.Text) {
			flat = append(flat, s.Text)
		}
	}
	for i := range flat {
		out = append(out, prose.Stems(strings.Join(flat[max(0, i-1):min(len(flat), i+2)], " ")))
	}
	return out
}

// chance counts what n texts at even distances find, from several beginnings.
func (c *tally) chance(text string, said []map[string]bool, n int) {
	for from := 0; from < len(said); from += max(1, len(said)/10) {
		var in []map[string]bool
		for i := range n {
			in = append(in, said[(from+i*len(said)/n)%len(said)])
		}
		c.count(text, in, said)
	}
}

func (c tally) String() string { return fmt.Sprintf("%d of %d", c.found, c.possible) }

func readCall(t *testing.T, path string) store.Meeting {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	text := strings.TrimPrefix(strings.ReplaceAll(string(data), "\r\n", "\n"), "WEBVTT")
	cue := regexp.MustCompile(`(?m)^\d+\n[\d:.]+ --> .*\n`)
	return store.Meeting{ID: "mtg_1", Title: "Call", Transcript: cue.ReplaceAllString(text, "")}
}

type publishedMinutes struct {
	actions, decisions     []string
	actionsAt, decisionsAt []time.Duration
}

func readMinutes(t *testing.T, path string) publishedMinutes {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		ActionItems []struct {
			Action    string `json:"action"`
			Timestamp string `json:"timestamp"`
		} `json:"action_items"`
		Decisions []struct {
			Decision  string `json:"decision"`
			Timestamp string `json:"timestamp"`
		} `json:"decisions"`
	}
	require.NoError(t, json.Unmarshal(data, &file))
	var out publishedMinutes
	for _, a := range file.ActionItems {
		out.actions = append(out.actions, a.Action)
		out.actionsAt = append(out.actionsAt, clock(t, a.Timestamp))
	}
	for _, d := range file.Decisions {
		out.decisions = append(out.decisions, d.Decision)
		out.decisionsAt = append(out.decisionsAt, clock(t, d.Timestamp))
	}
	return out
}
