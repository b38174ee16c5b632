package gate

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// Policy is what becomes of calls that a human should decide about.
type Policy string

// The policies.
const (
	Ask   Policy = "ask"   // whoever can be asked is
	Allow Policy = "allow" // all go ahead
	Deny  Policy = "deny"  // none does
)

// Confirmation is how the decisions of humans are had.
type Confirmation struct {
	Policy Policy           // "" is Ask
	Seals  *Seals           // nil is one of this process alone
	Used   Spender          // which answers were; nil remembers those of this process
	Now    func() time.Time // nil is the system's clock
}

// Option changes what New makes.
type Option func(*Gate)

// WithConfirmation says how the decisions of humans are had.
func WithConfirmation(c Confirmation) Option {
	return func(g *Gate) {
		if c.Policy != "" {
			g.policy = c.Policy
		}
		if c.Seals != nil {
			g.seals = c.Seals
		}
		if c.Used != nil {
			g.used = c.Used
		}
		if c.Now != nil {
			g.now = c.Now
		}
	}
}

// WithChanges has changed called with the user of each call that went well and may
// have changed something. It must not wait.
func WithChanges(changed func(user string)) Option {
	return func(g *Gate) { g.changed = changed }
}

// Human is how the one on whose behalf a call is made can be asked.
type Human struct {
	Decides bool // they can be shown a question to answer yes or no
	Opens   bool // they can be shown a link to open
}

// Question is for a human. State comes back with the answer.
type Question struct {
	Text  string
	Link  string // to open; "" where the answer is yes or no
	State string
}

// Verdict is what came back for a question.
type Verdict int

const (
	// Unclear answers are neither yes nor no.
	Unclear Verdict = iota
	// Yes is the human's own.
	Yes
	// No is too.
	No
	// Dismissed questions were closed without an answer.
	Dismissed
	// Unanswered questions waited too long.
	Unanswered
	// Unasked questions were not shown: the client could not.
	Unasked
	// Agreed is a yes without a choice: enough to open a link.
	Agreed
)

// Answer is what came back for a question.
type Answer struct {
	State   string
	Verdict Verdict
}

// Codes of calls that wait for a human in vain.
const (
	CodeDeclined    = "DECLINED"
	CodeUnconfirmed = "NOT_CONFIRMED" // the answer does not belong to the call
	CodeNeedsHuman  = "NEEDS_CONFIRMATION"
)

// decide makes a call that can lose something once a human wants it.
func (g *Gate) decide(ctx context.Context, call *tools.Call, who attrove.Caller, r Request) (view.Result, *Question) {
	final := call.Effect() == attrove.Destroy
	switch {
	case g.policy == Allow:
		return g.send(ctx, call, who), nil
	case g.policy == Deny:
		return view.Fail(view.Problem{Code: CodeNeedsHuman, Message: r.Tool + " needs a human's yes, and this server was started with --confirm=deny",
			Next: "Do not try again. Tell the user what to do by hand, or to start the server with --confirm=ask (ATTROVE_MCP_CONFIRM)."}), nil
	case r.Answer != nil:
		return g.decided(ctx, call, who, r), nil
	case r.Human.Decides:
		return g.ask(ctx, call, who, r)
	case final:
		return view.Fail(view.Problem{Code: CodeNeedsHuman, Message: r.Tool + " cannot be undone and needs a human's yes, and this client has no way to ask for it",
			Next: "Do not try again. Tell the user to run `attrove-mcp call " + r.Tool + " ARGUMENTS --yes`, or to start the server with --confirm=allow (ATTROVE_MCP_CONFIRM)."}), nil
	}
	return g.send(ctx, call, who), nil // under the approval that hosts ask for themselves
}

// ask words the question and seals what it is about.
func (g *Gate) ask(ctx context.Context, call *tools.Call, who attrove.Caller, r Request) (view.Result, *Question) {
	asked, err := call.Question(ctx)
	if err != nil {
		return call.Fail(err), nil
	}
	if asked.Futile != nil {
		return call.Fail(asked.Futile), nil
	}
	state, err := g.sealed(call, who, r, promise{Thing: asked.Thing})
	if err != nil {
		return call.Fail(err), nil
	}
	return view.Result{}, &Question{Text: asked.Text, State: state}
}

// sealed is what a client holds on to of a question about this call.
func (g *Gate) sealed(call *tools.Call, who attrove.Caller, r Request, p promise) (string, error) {
	var err error
	if p.Sum, err = call.Sum(); err != nil {
		return "", err
	}
	p.ID, p.Caller, p.Tool, p.Until = rand.Text(), hashOf(who), r.Tool, g.now().Add(validity)
	return g.seals.seal(p)
}

// decided makes a call once it has an answer. The thing is looked at again: what
// the human saw must be what is changed.
func (g *Gate) decided(ctx context.Context, call *tools.Call, who attrove.Caller, r Request) view.Result {
	p, why := g.redeem(ctx, call, who, r)
	if why != "" {
		return unconfirmed(why)
	}
	switch r.Answer.Verdict {
	case Yes:
	case No:
		return declined("the user said no")
	case Dismissed:
		return declined("the user closed the question without an answer")
	case Unanswered:
		return unconfirmed("nobody answered the question in time")
	case Unasked:
		return unconfirmed("the client could not show the question to the user")
	default:
		return unconfirmed("the client's answer to the question holds neither a yes nor a no")
	}
	now, err := call.Question(ctx)
	if err != nil {
		return call.Fail(err)
	}
	switch {
	case now.Thing.Version != p.Thing.Version:
		return call.Fail(tools.Changed(now.Thing, p.Thing.Version))
	case now.Thing.Name != p.Thing.Name:
		return call.Fail(&attrove.Error{Code: attrove.CodeConflict,
			Message: "the user was asked about " + p.Thing.Name + ", which is now " + now.Thing.Name + "; nothing was done"})
	}
	call.Confirm(p.Thing.Version, p.ID)
	return g.send(ctx, call, who)
}

// redeem opens the state that came with an answer, for this call and only once.
func (g *Gate) redeem(ctx context.Context, call *tools.Call, who attrove.Caller, r Request) (p promise, why string) {
	p, err := g.seals.open(r.Answer.State)
	sum, sumErr := call.Sum()
	switch {
	case errors.Join(err, sumErr) != nil:
		return p, "the state that came with the answer is not what this server gave, or it was restarted since"
	case p.Caller != hashOf(who):
		return p, "another user was asked"
	case p.Tool != r.Tool:
		return p, "the user was asked about another tool"
	case p.Sum != sum:
		return p, "the user was asked about other arguments"
	case g.now().After(p.Until):
		return p, "the answer came too late"
	}
	switch first, err := g.used.Spend(ctx, p.ID, p.Until.Add(-validity), p.Until); {
	case err != nil:
		return p, "this server cannot find out now whether the answer was used before"
	case !first:
		return p, "the answer was used before"
	}
	return p, ""
}

// link offers the user the address in a result, where the client can.
func (g *Gate) link(result view.Result, call *tools.Call, who attrove.Caller, r Request, field string) (view.Result, *Question) {
	address := addressIn(result, field)
	if address == "" {
		return result, nil
	}
	state, err := g.sealed(call, who, r, promise{Outcome: result.Structured})
	if err != nil {
		return result, nil // the result has the address
	}
	return result, &Question{Text: "Open this page to connect a service to Attrove?", Link: address, State: state}
}

// addressIn is a page's address in a result, "" when there is none that a
// browser should open.
func addressIn(result view.Result, field string) string {
	var fields map[string]json.RawMessage
	var address string
	if result.Failed() || json.Unmarshal(result.Structured, &fields) != nil || json.Unmarshal(fields[field], &address) != nil {
		return ""
	}
	if page, err := url.Parse(address); err != nil || page.Host == "" || page.Scheme != "https" && page.Scheme != "http" {
		return ""
	}
	return address
}

// linked is the result of a call whose link was offered.
func (g *Gate) linked(ctx context.Context, call *tools.Call, who attrove.Caller, r Request) view.Result {
	p, why := g.redeem(ctx, call, who, r)
	if why != "" {
		return unconfirmed(why)
	}
	hint := "The user was offered the link and did not open it: give it to them."
	if v := r.Answer.Verdict; v == Agreed || v == Yes {
		hint = "The user was shown the link and agreed to open it; whether they went on is not known."
	}
	result, err := view.Hinted(p.Outcome, hint)
	if err != nil {
		return call.Fail(err)
	}
	return result
}

func declined(why string) view.Result {
	return view.Fail(view.Problem{Code: CodeDeclined, Message: why + "; nothing was changed",
		Next: "Take it as their decision: do not call this again unless the user asks for it. Go on without it."})
}

func unconfirmed(why string) view.Result {
	return view.Fail(view.Problem{Code: CodeUnconfirmed, Message: why + "; nothing was done",
		Next: "If the user still wants it, call the tool anew, so that they are asked anew."})
}
