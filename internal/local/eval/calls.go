package eval

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/meeting"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// call is a recorded meeting: what was published that it came to, and what our
// digest says.
type call struct {
	length             time.Duration
	actions, decisions listed
}

type calls []call

// listed is what was published of a call and what we found.
type listed struct{ published, found []outcome }

// outcome is an action item or a decision.
type outcome struct {
	at    time.Duration
	text  string
	words map[string]bool // of ours: its own and those of the sentences beside it
	owner string
}

func readCall(path string) (call, error) {
	var c call
	raw, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	base := strings.TrimSuffix(path, ".vtt")
	chat, err := os.ReadFile(base + ".chat.txt")
	if err != nil {
		return c, err
	}
	in, err := meeting.Read(meeting.File{Name: filepath.Base(path), Raw: raw, Chat: chat, Zone: time.UTC})
	if err != nil {
		return c, err
	}
	cues := meeting.Subtitles(raw)
	wrote, _ := meeting.Chat(chat)
	cues = append(cues, wrote...)
	slices.SortStableFunc(cues, func(a, b meeting.Cue) int { return cmp.Compare(a.Start, b.Start) })
	c.length = cues[len(cues)-1].Start
	m := store.Meeting{ID: "mtg_1", Title: in.Title, Transcript: in.Transcript}
	for _, a := range in.Attendees {
		m.Attendees = append(m.Attendees, store.Person{Name: string(a.Name)})
	}
	d := digest.NewReader().Meeting(speech.NewSelf(store.User{}), m)
	for _, a := range d.Actions {
		c.actions.found = append(c.actions.found, located(a.Statement, a.Owner, cues))
	}
	for _, one := range d.Decisions {
		c.decisions.found = append(c.decisions.found, located(one.Statement, "", cues))
	}
	return c, c.readSummary(base + ".tldr.json")
}

// located is a statement at the time of the line that has most of it.
func located(s speech.Statement, owner string, cues []meeting.Cue) outcome {
	o := outcome{text: s.Text, words: prose.Stems(s.Before + " " + s.Text + " " + s.After), owner: owner}
	stems, most := prose.Stems(s.Text), 0
	for _, c := range cues {
		n := 0
		for stem := range prose.Stems(c.Text) {
			if stems[stem] {
				n++
			}
		}
		if n > most {
			o.at, most = c.Start, n
		}
	}
	return o
}

// clock is a time since a call began, written 01:02:03.
type clock time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *clock) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.TimeOnly, string(text))
	*c = clock(at.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
	return err
}

// readSummary reads what was published of a call.
func (c *call) readSummary(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var file struct {
		Actions []struct {
			At    clock  `json:"timestamp"`
			Text  string `json:"action"`
			Owner string `json:"owner"`
		} `json:"action_items"`
		Decisions []struct {
			At   clock  `json:"timestamp"`
			Text string `json:"decision"`
		} `json:"decisions"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, a := range file.Actions {
		c.actions.published = append(c.actions.published, outcome{at: time.Duration(a.At), text: a.Text, owner: a.Owner})
	}
	for _, d := range file.Decisions {
		c.decisions.published = append(c.decisions.published, outcome{at: time.Duration(d.At), text: d.Text})
	}
	return nil
}

// rows are what all calls score together.
func (all calls) rows(set string) []Row {
	var actions, decisions tally
	for _, c := range all {
		actions.add(c.actions, c.length)
		decisions.add(c.decisions, c.length)
	}
	return []Row{
		actions.recall(set, "action items found"), alone(set, "action items right", actions.right), alone(set, "owners right", actions.owned),
		decisions.recall(set, "decisions found"), alone(set, "decisions right", decisions.right),
	}
}

// tally says of each published outcome whether it is found and how probable that
// is by chance, of those found whether the owner is right, and of each of ours
// whether it is right.
type tally struct{ found, chance, owned, right []float64 }

func (t *tally) recall(set, metric string) Row {
	return compare(set, metric, len(t.found), []contender{averaging("chance", t.chance)}, averaging("ours", t.found))
}

func (t *tally) add(r listed, length time.Duration) {
	const times = 10 // at which a call is looked at, one of them the right one
	for _, p := range r.published {
		found := slices.ContainsFunc(r.found, p.is)
		t.found = append(t.found, is(found))
		if found && p.owner != "" {
			t.owned = append(t.owned, is(slices.ContainsFunc(r.found, func(f outcome) bool { return p.is(f) && p.has(f.owner) })))
		}
		near := 0.0
		for i := 1; i < times; i++ {
			elsewhere := outcome{at: (p.at + time.Duration(i)*length/times) % length}
			near += is(slices.ContainsFunc(r.found, elsewhere.near))
		}
		t.chance = append(t.chance, near/(times-1))
	}
	for _, f := range r.found {
		t.right = append(t.right, is(slices.ContainsFunc(r.published, func(p outcome) bool { return p.is(f) })))
	}
}

func (p outcome) near(found outcome) bool { return (p.at - found.at).Abs() <= time.Minute }

// is reports whether what we found is what was published.
func (p outcome) is(found outcome) bool {
	const about, enough = 5 * time.Minute, 0.4
	terms, shared := prose.Terms(p.text), 0
	for _, term := range terms {
		if found.words[term] {
			shared++
		}
	}
	return shared > 0 && p.near(found) || (p.at-found.at).Abs() <= about && float64(shared) >= enough*float64(len(terms))
}

// has reports whether an owner is one of those who were published. Of a group,
// nobody in particular is.
func (p outcome) has(owner string) bool {
	who := prose.Stems(p.owner)
	if owner == "" {
		return who["all"] || who[prose.Stem("teams")] || who[prose.Stem("developers")]
	}
	for name := range prose.Stems(owner) {
		if who[name] {
			return true
		}
	}
	return false
}
