package digest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// TestRealMeetings compares digests of real calls with what the project that
// held them published as their action items and decisions. Those are worded
// anew, so an item counts as found when one of the digest's sentences, with its
// neighbours, has two fifths of its words; and only such items are counted that
// any stretch of the transcript could match so.
func TestRealMeetings(t *testing.T) {
	t.Parallel()
	dir := realdata.Dir(t, "transcripts", "vtt-ethereum-pm")
	files, err := filepath.Glob(filepath.Join(dir, "*.vtt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var actions, decisions, anything, spread tally
	listed := 0
	for _, path := range files {
		m := readCall(t, path)
		d := digest.NewReader().Meeting(speech.NewSelf(store.User{}), m)
		want := readMinutes(t, strings.TrimSuffix(path, ".vtt")+".tldr.json")
		said := sentences(m)
		var todo, decided []map[string]bool
		for _, a := range d.Actions {
			todo = append(todo, around(a.Statement))
		}
		for _, one := range d.Decisions {
			decided = append(decided, around(one.Statement))
		}
		all := slices.Concat(todo, decided)
		for _, s := range slices.Concat(d.Points, d.Gist, d.Questions) {
			all = append(all, around(s))
		}
		listed += len(all)
		for _, text := range want.actions {
			actions.count(text, todo, said)
			anything.count(text, all, said)
			spread.chance(text, said, len(all))
		}
		for _, text := range want.decisions {
			decisions.count(text, decided, said)
			anything.count(text, all, said)
			spread.chance(text, said, len(all))
		}
	}
	t.Logf("action items %v, decisions %v; either anywhere in the digest %v; in as many sentences at even distances %v; %d sentences of %d calls",
		actions, decisions, anything, spread, listed, len(files))
	assert.Greater(t, anything.share(), 1.5*spread.share(), "a digest finds more than chance")
	assert.Greater(t, anything.share(), 0.35)
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

type publishedMinutes struct{ actions, decisions []string }

func readMinutes(t *testing.T, path string) publishedMinutes {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		ActionItems []struct {
			Action string `json:"action"`
		} `json:"action_items"`
		Decisions []struct {
			Decision string `json:"decision"`
		} `json:"decisions"`
	}
	require.NoError(t, json.Unmarshal(data, &file))
	var out publishedMinutes
	for _, a := range file.ActionItems {
		out.actions = append(out.actions, a.Action)
	}
	for _, d := range file.Decisions {
		out.decisions = append(out.decisions, d.Decision)
	}
	return out
}
