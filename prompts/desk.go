package prompts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/internal/when"
)

const (
	// patience is how long one call may take, unless the environment says: somebody
	// waits for the prompt to appear, and what is late is missing.
	patience = 5 * time.Second
	// inRow is how many calls a prompt makes one after the other at the most.
	inRow = 4
	// together is how many calls are on their way at a time.
	together = 8
)

// desk is where one prompt is filled for one user.
type desk struct {
	ctx context.Context //nolint:containedctx // lives for one prompt
	env Env
	who attrove.Caller
	on  func(tool string) bool

	me  attrove.User
	now time.Time // in the user's zone

	slots    chan struct{}
	running  sync.WaitGroup
	calls    []*call
	coverage *attrove.Coverage
	hint     string
}

// call is something that was asked.
type call struct {
	question
	err    error
	thrown any // what a panic threw
}

// question says what a call is about.
type question struct {
	what   string // what is missing without an answer, such as "the goals"
	tool   string // the tool that returns it
	budget int    // of the answer; 0 is view.Full, out of which rows are chosen
}

// sit gets a desk ready: it asks whose it is and what time it is for them.
func (b *Playbook) sit(ctx context.Context, who attrove.Caller) (*desk, error) {
	d := &desk{ctx: ctx, env: b.env, who: who, on: func(string) bool { return true }, slots: make(chan struct{}, together)}
	me := ask(d, question{what: "your profile, so that it is uncertain who you are", tool: "attrove_profile"}, attrove.GetProfile, attrove.None{})
	d.wait()
	d.on = b.on
	if me.err != nil && fatal(me.err) {
		return nil, me.err
	}
	d.me = me.Value
	zone := d.me.Zone()
	if b.env.Zone != nil {
		zone = b.env.Zone
	}
	d.now = b.env.Now().In(zone)
	return d, nil
}

// fatal reports whether no other call can succeed after this error.
func fatal(err error) bool {
	var e *attrove.Error
	return errors.As(err, &e) && slices.Contains([]string{attrove.CodeMissingKey, attrove.CodeAuthentication, attrove.CodeCancelled}, e.Code)
}

// answer is what a call brought, to be read after the desk has waited.
type answer[Out any] struct {
	view.Shown[Out]
	*call
}

// ok reports whether there is an answer.
func (a answer[Out]) ok() bool { return a.call != nil && a.err == nil }

// ask starts a call.
func ask[In, Out any](d *desk, q question, op attrove.Operation[In, Out], in In) *answer[Out] {
	a := &answer[Out]{call: &call{question: q}}
	d.calls = append(d.calls, a.call)
	if !d.on(q.tool) {
		a.err = errOff
		return a
	}
	if q.budget == 0 {
		q.budget = view.Full
	}
	req := view.Request{Tool: q.tool, Budget: q.budget, Backend: "attrove"}
	if d.env.Client.Ours() {
		req.Backend = "local"
	}
	d.running.Go(func() {
		defer func() { a.thrown = recover() }()
		d.slots <- struct{}{}
		defer func() { <-d.slots }()
		ctx, cancel := context.WithTimeout(d.ctx, d.env.Patience)
		defer cancel()
		a.Shown, a.err = view.Show(ctx, d.env.Client, d.who, op, in, view.Spec{Finds: []string{"data", "answer"}}, req)
		if codeOf(a.err) == attrove.CodeTimeout { // the client knows of its own deadline only
			a.err = &attrove.Error{Code: attrove.CodeTimeout, Operation: op.Name, Message: fmt.Sprintf("no answer within %s", d.env.Patience)}
		}
	})
	return a
}

// query asks a question in plain words.
func query(d *desk, text, what string) *answer[attrove.QueryOut] {
	return ask(d, question{what: what, tool: "attrove_query", budget: 10_000}, attrove.Query, attrove.QueryIn{Query: text})
}

// errOff stands for a tool that is off.
var errOff = errors.New("switched off on this server")

// wait waits for all calls. What one of them threw it throws on, so that whoever
// recovers does so in one place.
func (d *desk) wait() {
	d.running.Wait()
	for _, c := range d.calls {
		if c.thrown != nil {
			panic(c.thrown)
		}
	}
}

// know keeps what an answer says about the data that it rests on.
func know[Out any](d *desk, a *answer[Out]) {
	if c := a.Notes.Coverage; a.ok() && c != nil && (d.coverage == nil || len(c.Sources) > len(d.coverage.Sources)) {
		d.coverage, d.hint = c, a.Notes.Hint
	}
}

// nothing is an error when every call but the profile's failed: there is no
// prompt without data.
func (d *desk) nothing() error {
	var first error
	for _, c := range d.calls[1:] {
		if c.err == nil {
			return nil
		}
		if first == nil || errors.Is(first, errOff) {
			first = c.err
		}
	}
	return shown(first)
}

// shown is the error of a prompt whose subject cannot be had.
func shown(err error) error {
	if errors.Is(err, errOff) {
		return &attrove.Error{Code: attrove.CodeNotFound, Message: "the tools that this prompt rests on are " + errOff.Error()}
	}
	return err
}

// refused is what an error about the one thing that a prompt is about comes to:
// when it is not there, the argument is wrong.
func refused(field, message string, err error) error {
	switch codeOf(err) {
	case "":
		return nil
	case attrove.CodeNotFound, attrove.CodeGone, attrove.CodeInvalidArgument, attrove.CodeValidation:
		return invalid(field, message+"; take one from the completions")
	}
	return shown(err)
}

// codes are those of what could not be gathered.
func (d *desk) codes() []string {
	var codes []string
	for _, c := range d.calls {
		if c.err != nil {
			codes = append(codes, codeOf(c.err))
		}
	}
	return codes
}

// codeOf is the code of an error, "" of none.
func codeOf(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errOff):
		return "TOOL_DISABLED"
	}
	return view.Explain(err).Code
}

// gone says in one line each what could not be gathered, and why.
func (d *desk) gone() []string {
	var rows []string
	for _, c := range d.calls {
		if c.err == nil {
			continue
		}
		row := "- " + c.what + ": "
		if errors.Is(c.err, errOff) {
			rows = append(rows, row+errOff.Error()+" ("+c.tool+")\n")
			continue
		}
		p := view.Explain(c.err)
		row += p.Code + ", " + quoted(p.Message, 200)
		if d.on(c.tool) {
			row += "; " + c.tool + " may return it"
		}
		rows = append(rows, row+"\n")
	}
	return rows
}

// mine reports whether an address is the user's own.
func (d *desk) mine(address attrove.ForeignText) bool {
	return address != "" && strings.EqualFold(string(address), d.me.Email)
}

// day is a day by its distance from today.
func (d *desk) day(distance int) attrove.Date {
	return attrove.Date(when.AddDays(d.now, distance).Format(time.DateOnly))
}
