package view

import (
	"errors"
	"math"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// CodeTooLarge is the code when an answer does not fit, however much is cut.
const CodeTooLarge = "RESULT_TOO_LARGE"

// Fail is the result of a call that went wrong.
func Fail(p Problem) Result {
	p.Message, p.Next, p.Field = Clean(p.Message), Clean(p.Next), Clean(p.Field)
	return Result{Structured: compact(Failed{Error: &p}), Code: p.Code, problem: p}
}

// Explain says what an error means to a model. What is not an *attrove.Error is
// not for its eyes.
func Explain(err error) Problem {
	var e *attrove.Error
	if !errors.As(err, &e) {
		return Problem{Code: attrove.CodeInternal, Message: "something went wrong inside attrove-mcp",
			Next: "Try once more; if it fails again, tell the user to look at the server's log."}
	}
	p := Problem{
		Code:       e.Code,
		Message:    e.Message,
		Field:      e.Field,
		RetryAfter: int(math.Ceil(e.RetryAfter.Seconds())),
		Next:       next(e),
	}
	if e.Guess != "" {
		p.Message += " (" + e.Guess + ")"
	}
	return p
}

// next says what to do about an error.
func next(e *attrove.Error) string {
	switch e.Code {
	case attrove.CodeInvalidArgument, attrove.CodeValidation, attrove.CodeInvalidRequest:
		return "Correct the argument and call again."
	case attrove.CodeMissingKey:
		return "Tell the user to set ATTROVE_SECRET_KEY and ATTROVE_USER_ID for this server, or to start it without an account: " +
			"with --demo (a sample workspace) or --local (data imported on this machine)."
	case attrove.CodeAuthentication:
		return "Tell the user that the key was refused: check it (ATTROVE_SECRET_KEY, or over HTTP the Authorization header or, with OAuth, the operator's user map) and that it belongs to the user id beside it."
	case attrove.CodeForbidden:
		return "This key may not do that. Do not try again; tell the user."
	case attrove.CodeNotFound:
		return "Check the id: take it from a list or a search, never from memory."
	case attrove.CodeInvalidCursor:
		return "Start again without cursor, other arguments unchanged."
	case attrove.CodeConflict, attrove.CodeGoalConflict:
		return "Fetch the thing again, look at what changed, then decide."
	case attrove.CodeGoalInvalidScope:
		return "Give watch_scope entity_ids, keywords or a seed_query, and call again."
	case attrove.CodeGoalTerminal:
		return "Tell the user that the goal is closed. Only if they want it back, reopen it first."
	case attrove.CodeGone:
		return "It has expired or was removed. Do not try again."
	case attrove.CodeTooLarge:
		return "Send less in one call: shorten the text or split it."
	case attrove.CodeRateLimited:
		return "Wait as long as retry_after says, then call again."
	case attrove.CodeNotImplemented:
		return "The embedded engine cannot do this yet; with an Attrove account (ATTROVE_SECRET_KEY, ATTROVE_USER_ID) it works. Do not try again; go on without it."
	case attrove.CodeStorageFull:
		return "Nothing was lost. Tell the user that the disk is full; call again once there is room."
	case attrove.CodeTimeout:
		return "Call again; if it was a write, look first whether it happened. A shorter period or a smaller limit is faster."
	case attrove.CodeNetwork, attrove.CodeUpstream, attrove.CodeInternal:
		return "Try again in a moment; if it was a write, look first whether it happened."
	case attrove.CodeCancelled:
		return "The call was given up. Call again if the answer is still wanted."
	}
	return "Do not repeat the same call; tell the user what the message says."
}
