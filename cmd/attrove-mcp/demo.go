package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/tools"
)

type demoCommand struct {
	AsOf config.Instant `help:"The day to take as today." placeholder:"TIME"`
}

// What the demo asks.
const (
	demoQuestion = "What needs my attention this week?"
	demoSearch   = "security review"
	demoHits     = 3
)

// Run asks the sample workspace through an MCP client, and prints what comes back.
func (c *demoCommand) Run(ctx context.Context, a *app) (err error) {
	b, err := a.open(config.Backend{Engine: config.Engine{Demo: true, AsOf: c.AsOf}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	s, err := a.connect(ctx, b, gate.Everything(tools.Catalog()))
	if err != nil {
		return err
	}
	d := &demo{session: s, now: b.now()}
	for _, step := range []func(context.Context) error{d.hello, d.board, d.query, d.search, d.calendar, d.connectClients} {
		if err := step(ctx); err != nil {
			return err
		}
		if _, err := d.out.WriteTo(a.out); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}

type demo struct {
	session *session
	out     bytes.Buffer // of the step that runs
	now     time.Time    // in the user's zone once hello has run
}

func (d *demo) hello(ctx context.Context) error {
	var me attrove.User
	if err := callInto(ctx, d.session, "attrove_profile", attrove.None{}, &me); err != nil {
		return err
	}
	zone, err := time.LoadLocation(me.Timezone)
	if err != nil {
		return fmt.Errorf("time zone of the sample user: %w", err)
	}
	d.now = d.now.In(zone)
	fmt.Fprintf(&d.out, "A sample workspace, in memory and offline. You are %s %s <%s>; it is %s.\n",
		me.FirstName, me.LastName, me.Email, d.now.Format("Monday 2 January 2006"))
	return nil
}

// board shows the goals, those first that have changed since the user last looked,
// with what each rests on.
func (d *demo) board(ctx context.Context) error {
	d.heading("How your goals do, and whose move is next", "attrove_list_goals, attrove_get_goal_status")
	fmt.Fprintf(&d.out, "%-22s %-10s %s\n", "HEALTH", "MOVE", "GOAL")
	var page struct{ Data []attrove.Goal }
	if err := callInto(ctx, d.session, "attrove_list_goals", attrove.GoalsIn{Lifecycle: attrove.LifecycleActive}, &page); err != nil {
		return err
	}
	for _, row := range page.Data {
		var goal attrove.Goal
		if err := callInto(ctx, d.session, "attrove_get_goal_status", attrove.GoalRef{GoalID: row.ID}, &goal); err != nil {
			return err
		}
		if row.NextMove == nil || goal.LastSnapshot == nil {
			return fmt.Errorf("goal %s was never evaluated", row.ID)
		}
		d.goal(row, *goal.LastSnapshot)
	}
	return nil
}

// goal prints a row of the board.
func (d *demo) goal(row attrove.Goal, found attrove.Snapshot) {
	var risks, evidence []string
	for _, risk := range found.RiskSignals {
		if !slices.Contains(risks, string(risk.Kind)) {
			risks = append(risks, string(risk.Kind))
		}
	}
	for _, ref := range found.CitedEvidenceRefs {
		evidence = append(evidence, ref.ID)
	}
	title := string(row.Title)
	if len(risks) > 0 {
		title += " (risks: " + strings.Join(risks, ", ") + ")"
	}
	fmt.Fprintf(&d.out, "%-22s %-10s %s\n", row.Health, row.NextMove.Owner, title)
	first, _, more := strings.Cut(string(found.Summary), "]. ") // each sentence ends with what it rests on
	if more {
		first += "]."
	}
	d.paragraph("    ", first)
	d.paragraph("    ", "evidence: "+strings.Join(evidence, " "))
}

func (d *demo) query(ctx context.Context) error {
	d.heading(demoQuestion, "attrove_query")
	var reply attrove.QueryOut
	if err := callInto(ctx, d.session, "attrove_query", attrove.QueryIn{Query: demoQuestion}, &reply); err != nil {
		return err
	}
	for _, line := range strings.Split(string(reply.Answer), "\n") {
		d.wrap(line)
	}
	return nil
}

func (d *demo) search(ctx context.Context) error {
	d.heading(`Search for "`+demoSearch+`"`, "attrove_search")
	var reply attrove.SearchOut
	in := attrove.SearchIn{Query: demoSearch, IncludeBodyText: true}
	if err := callInto(ctx, d.session, "attrove_search", in, &reply); err != nil {
		return err
	}
	for _, hit := range reply.KeyMessages[:min(demoHits, len(reply.KeyMessages))] {
		for _, m := range reply.Conversations[hit.ConversationID].Threads[hit.ThreadID] {
			if m.MessageID == hit.MessageID {
				d.wrap(fmt.Sprintf("- %s, %s: %s [%s]", d.day(m.ReceivedAt), m.SenderName, firstOf(string(hit.Snippet), string(m.BodyText)), m.MessageID))
			}
		}
	}
	for _, m := range reply.KeyMeetings[:min(2, len(reply.KeyMeetings))] {
		d.wrap(fmt.Sprintf("- %s, meeting %q: %s [%s]", d.day(m.StartTime), m.Title, firstOf(string(m.Snippet), string(m.ShortSummary)), m.ID))
	}
	return nil
}

func (d *demo) calendar(ctx context.Context) error {
	d.heading("The next seven days", "attrove_events")
	in := attrove.EventsIn{
		StartDate: attrove.Date(d.now.Format(time.DateOnly)),
		EndDate:   attrove.Date(d.now.AddDate(0, 0, 6).Format(time.DateOnly)),
		Cut:       attrove.Cut{Limit: attrove.MaxLimit},
	}
	var reply struct{ Data []attrove.Event }
	if err := callInto(ctx, d.session, "attrove_events", in, &reply); err != nil {
		return err
	}
	day := ""
	for _, event := range reply.Data {
		start, err := time.Parse(time.RFC3339, string(event.StartTime))
		if err != nil {
			return fmt.Errorf("start of %s: %w", event.ID, err)
		}
		start = start.In(d.now.Location())
		label := start.Format("Mon _2")
		if label == day {
			label = "      "
		} else {
			day = label
		}
		clock := start.Format("15:04")
		if event.AllDay {
			clock = "all day"
		}
		fmt.Fprintf(&d.out, "%s  %-7s  %s\n", label, clock, event.Title)
	}
	return nil
}

func (d *demo) connectClients(context.Context) error {
	d.heading("Connect an assistant", "")
	fmt.Fprintf(&d.out, `With %[1]s on your PATH (go install ./cmd/%[1]s):

  claude mcp add attrove -- %[1]s stdio --demo       # Claude Code, on this workspace
  codex mcp add attrove -- %[1]s stdio --demo        # Codex
  %[1]s import --local mail.mbox                     # then: stdio --local, on your own mail

README.md has Claude Desktop, Cursor and VS Code, and how to use your Attrove account.
`, project.Name)
	return nil
}

func (d *demo) heading(text, tool string) {
	if tool != "" {
		text += "  (" + tool + ")"
	}
	fmt.Fprintf(&d.out, "\n%s\n%s\n", text, strings.Repeat("-", len(text)))
}

func (d *demo) day(at attrove.DateTime) string {
	t, err := time.Parse(time.RFC3339, string(at))
	if err != nil {
		return string(at)
	}
	return t.In(d.now.Location()).Format("Mon 2 Jan")
}

// wrap prints a line in at most 100 columns, what follows indented under a bullet.
func (d *demo) wrap(line string) {
	if text, ok := strings.CutPrefix(line, "- "); ok {
		d.out.WriteString("- ")
		d.rest("  ", text)
		return
	}
	d.rest("", line)
}

// paragraph prints a text in at most 100 columns, indented.
func (d *demo) paragraph(indent, text string) {
	d.out.WriteString(indent)
	d.rest(indent, text)
}

// rest prints a text whose first line begins after the indent.
func (d *demo) rest(indent, text string) {
	const width = 100
	column := len(indent)
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			fmt.Fprint(&d.out, "\n", indent)
			column = len(indent)
		default:
			fmt.Fprint(&d.out, " ")
			column++
		}
		fmt.Fprint(&d.out, word)
		column += len(word)
	}
	fmt.Fprintln(&d.out)
}

// firstOf is the first text that is not empty, on one line and not too long.
func firstOf(texts ...string) string {
	const most = 220
	for _, text := range texts {
		text = strings.Join(strings.Fields(text), " ")
		if runes := []rune(text); len(runes) > most {
			text = string(runes[:most]) + "…"
		}
		if text != "" {
			return text
		}
	}
	return ""
}
