package prompts

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/slug"
)

// Completion is what an argument may be.
type Completion struct {
	Values []string
	More   bool // whether there are others
}

// maxValues is the most that one completion may hold (MCP, completion/complete).
const maxValues = 100

// completeTimeout is the time of a completion: somebody is typing.
const completeTimeout = 4 * time.Second

// suggest finds what an argument may be, given what was typed of it.
type suggest func(d *desk, typed string) (found []thing, more bool, err error)

// thing is one of a user's things, or words when it has no id.
type thing struct {
	id, title string
	fits      bool // it was looked for by what was typed
}

// Complete says what an argument of a prompt may be for who, given what was typed
// of it. Its errors are *attrove.Error.
func (b *Playbook) Complete(ctx context.Context, who attrove.Caller, prompt, argument, typed string) (Completion, error) {
	p, err := b.find(prompt)
	if err != nil {
		return Completion{}, err
	}
	i := slices.IndexFunc(p.arguments, func(a Argument) bool { return a.Name == argument })
	if i < 0 {
		return Completion{}, invalid(shorten(argument), "the prompt "+p.name+" has no such argument")
	}
	if p.arguments[i].suggest == nil || len(typed) > maxArgument {
		return Completion{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, completeTimeout)
	defer cancel()
	d := &desk{ctx: ctx, env: b.env, who: who, on: b.on, slots: make(chan struct{}, together), now: b.env.Now()}
	found, more, err := p.arguments[i].suggest(d, typed)
	switch {
	case errors.Is(err, errOff):
		return Completion{}, nil
	case err != nil:
		return Completion{}, err
	}
	c := Completion{More: more}
	for _, one := range found {
		value := one.title
		if one.id != "" {
			value = slug.Join(one.title, one.id)
		}
		if !one.fits && !begins(one, value, typed) || slices.Contains(c.Values, value) {
			continue
		}
		if len(c.Values) == maxValues {
			c.More = true
			break
		}
		c.Values = append(c.Values, value)
	}
	return c, nil
}

// begins reports whether what was typed may become the value: its beginning, or
// words of the title.
func begins(one thing, value, typed string) bool {
	return strings.HasPrefix(value, strings.ToLower(typed)) || strings.HasPrefix(one.id, typed) || holds(one.title, spoken(typed))
}

// spoken is what was typed as words: of slug~id the slug.
func spoken(typed string) string {
	words, _, _ := strings.Cut(typed, "~")
	return strings.ReplaceAll(words, "-", " ")
}

// goalNames finds goals, active ones first.
func goalNames(d *desk, _ string) ([]thing, bool, error) {
	all := ask(d, question{tool: "attrove_list_goals"}, attrove.ListGoals, attrove.GoalsIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}})
	d.wait()
	goals := slices.Clone(all.Value.Data)
	slices.SortStableFunc(goals, func(a, b attrove.Goal) int { return closed(a) - closed(b) })
	var found []thing
	for _, g := range goals {
		found = append(found, thing{id: g.ID, title: oneLine(g.Title)})
	}
	return found, all.Paging.HasMore, all.err
}

func closed(g attrove.Goal) int {
	if g.Lifecycle == attrove.LifecycleActive {
		return 0
	}
	return 1
}

// upcoming finds the events of the next two weeks, with their day: many have one
// name.
func upcoming(d *desk, _ string) ([]thing, bool, error) {
	if zone := d.env.Zone; zone != nil {
		d.now = d.now.In(zone)
	} else {
		d.now = d.now.In(attrove.ZoneOf(d.ctx, d.env.Client, d.who))
	}
	all := calendar(d, 0, ahead)
	d.wait()
	var found []thing
	for _, e := range all.Value.Data {
		if after(e.EndTime, d.now) && !e.AllDay {
			found = append(found, thing{id: e.ID, title: d.date(e.StartTime) + " " + oneLine(e.Title)})
		}
	}
	return found, all.Paging.HasMore, all.err
}

// personNames finds contacts.
func personNames(d *desk, typed string) ([]thing, bool, error) {
	word, _, _ := strings.Cut(spoken(typed), " ") // a hyphen may be the name's own: the rest is compared below
	all := ask(d, question{tool: "attrove_entities"}, attrove.ListEntities, attrove.EntitiesIn{Query: word, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
	d.wait()
	var found []thing
	for _, e := range all.Value.Data {
		if !notPerson(e) {
			found = append(found, thing{id: e.ID, title: oneLine(first(e.Name, address(e))), fits: strings.Contains(string(address(e)), typed)})
		}
	}
	return found, all.Paging.HasMore, all.err
}

// threadNames finds the latest threads, or those about what was typed.
func threadNames(d *desk, typed string) ([]thing, bool, error) {
	if typed != "" {
		all := ask(d, question{tool: "attrove_discover_threads"}, attrove.DiscoverThreads, attrove.DiscoverThreadsIn{Query: spoken(typed), Limit: 25})
		d.wait()
		var found []thing
		for _, t := range all.Value.Data {
			found = append(found, thing{id: t.ThreadID, title: bare(t.Title), fits: true})
		}
		return found, all.Paging.HasMore, all.err
	}
	all := ask(d, question{tool: "attrove_messages"}, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}})
	d.wait()
	var found []thing
	for _, m := range all.Value.Data {
		if m.ThreadID != "" && m.Subject != "" {
			found = append(found, thing{id: m.ThreadID, title: bare(m.Subject)})
		}
	}
	return found, all.Paging.HasMore, all.err
}

// daysBack are days that one may have last looked on.
func daysBack(*desk, string) ([]thing, bool, error) {
	return []thing{{title: "yesterday"}, {title: "since monday"}, {title: "3d"}, {title: "7d"}, {title: "14d"}, {title: "30d"}}, false, nil
}

// bare is a subject without the marks of answers.
func bare(subject attrove.ForeignText) string {
	text := oneLine(subject)
	for {
		mark, rest, ok := strings.Cut(text, ":")
		if !ok || !slices.Contains([]string{"re", "fw", "fwd", "aw", "wg"}, strings.ToLower(strings.TrimSpace(mark))) {
			return text
		}
		text = strings.TrimSpace(rest)
	}
}
