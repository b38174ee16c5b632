package gate

import (
	"context"
	"encoding/json"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// Record is what became of a call, without anything that was said in it.
type Record struct {
	User     string         // whose call it was, as they say themselves; "" when they say nothing
	Tool     string         // "" when there is none of the name
	Effect   attrove.Effect // Read also when it did not come so far
	Objects  []string       // the ids of what it is about, as they were given, or of what it made
	Decision Decision
	Outcome  string // OutcomeOK, OutcomeAsked, or the code of the error
	Took     time.Duration
}

// Outcomes of calls that do not fail.
const (
	OutcomeOK    = "ok"
	OutcomeAsked = "asked"
)

// Decision is what was decided about a call.
type Decision string

// The decisions.
const (
	Allowed   Decision = "allowed"   // it needed nobody's yes
	Asked     Decision = "asked"     // a human is asked
	Confirmed Decision = "confirmed" // a human wanted it
	Declined  Decision = "declined"  // a human did not
	Denied    Decision = "denied"    // it needs what the caller or this server has not
	Disabled  Decision = "disabled"  // the tool is off
	Refused   Decision = "refused"   // it makes no sense: no such tool, wrong arguments, an answer to another question
)

// WithRecords has record told of every call once it is over, also of one that
// panics. It must be safe for concurrent use; nil is nobody.
func WithRecords(record func(context.Context, Record)) Option {
	return func(g *Gate) {
		if record != nil {
			g.record = record
		}
	}
}

// about notes what a call is, once it is known: from then on it goes ahead unless
// it is turned away.
func (r *Record) about(call *tools.Call) {
	r.Effect, r.Objects, r.Decision = call.Effect(), call.Objects(), Allowed
}

// end notes what a request came to.
func (r *Record) end(req Request, result view.Result, question *Question) {
	switch {
	case question != nil:
		r.Decision, r.Outcome = Asked, OutcomeAsked
		return
	case result.Failed():
		r.Outcome = result.Code
	default:
		r.Outcome = OutcomeOK
		r.made(result)
	}
	switch result.Code {
	case CodeDisabled:
		r.Decision = Disabled
	case CodeReadOnly, CodeNeedsHuman:
		r.Decision = Denied
	case CodeDeclined:
		r.Decision = Declined
	case CodeUnknownTool, CodeUnconfirmed:
		r.Decision = Refused
	default:
		if r.Decision == Allowed && r.Effect >= attrove.Undoable && req.Answer != nil {
			r.Decision = Confirmed
		}
	}
}

// made notes the id of what a call made.
func (r *Record) made(result view.Result) {
	if r.Effect == attrove.Read || len(r.Objects) > 0 {
		return
	}
	var thing struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(result.Structured, &thing) == nil && thing.ID != "" {
		r.Objects = []string{thing.ID}
	}
}
