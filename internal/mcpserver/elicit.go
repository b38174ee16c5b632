package mcpserver

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/gate"
)

// humanTimeout is how long a call waits for a human. It does not count against
// the time of its work.
const humanTimeout = 5 * time.Minute

// The name of the question within a call, and of its one field.
const (
	answerID     = "decision"
	confirmField = "confirm"
)

// humanBehind says how the client of a request can ask its user: only in the
// ways that it declared, of which nothing is known of legacy clients over HTTP.
func humanBehind(ctx context.Context) gate.Human {
	var able *mcp.ElicitationCapability
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.Modern {
		if info.ClientCapabilities != nil {
			able = info.ClientCapabilities.Elicitation
		}
	} else if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		able = session.GetClientCapabilities().Elicitation
	}
	if able == nil {
		return gate.Human{}
	}
	return gate.Human{Decides: able.Form != nil || able.URL == nil, Opens: able.URL != nil} // {} stands for forms alone
}

// form is a question as the protocol has it.
func form(q *gate.Question) mcp.ElicitationParams {
	if q.Link != "" {
		return mcp.ElicitationParams{Mode: mcp.ElicitationModeURL, Message: q.Text, URL: q.Link, ElicitationID: rand.Text()}
	}
	return mcp.ElicitationParams{Mode: mcp.ElicitationModeForm, Message: q.Text, RequestedSchema: map[string]any{
		"type": "object",
		"properties": map[string]any{confirmField: map[string]any{
			"type": "boolean", "title": "Do this", "description": "Yes, I want this.", "default": false,
		}},
		"required": []string{confirmField},
	}}
}

// answerIn is the answer that a request brings along, of modern clients.
func answerIn(p mcp.CallToolParams) *gate.Answer {
	if _, ok := server.InputResponse(p.InputResponses, answerID); !ok {
		return nil
	}
	a := gate.Answer{State: p.RequestState}
	if r := server.ElicitationResponse(p.InputResponses, answerID); r != nil {
		a.Verdict = verdict(r)
	}
	return &a
}

// ask asks through a legacy client, and waits.
func (h handler) ask(ctx context.Context, q *gate.Question) gate.Verdict {
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	var req mcp.ElicitationRequest
	req.Method, req.Params = string(mcp.MethodElicitationCreate), form(q)
	result, err := server.ServerFromContext(ctx).RequestElicitation(ctx, req)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return gate.Unanswered
	case err != nil || result == nil:
		return gate.Unasked
	}
	return verdict(result)
}

// verdict reads an answer. Only the very value that the form asks for is a yes.
func verdict(r *mcp.ElicitationResult) gate.Verdict {
	switch r.Action {
	case mcp.ElicitationResponseActionDecline:
		return gate.No
	case mcp.ElicitationResponseActionCancel:
		return gate.Dismissed
	case mcp.ElicitationResponseActionAccept:
	default:
		return gate.Unclear
	}
	content, ok := r.Content.(map[string]any)
	if !ok || len(content) == 0 {
		return gate.Agreed
	}
	switch content[confirmField] {
	case true:
		return gate.Yes
	case false:
		return gate.No
	}
	return gate.Unclear
}
