package mcpserver

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/prompts"
)

// promptSlack is what a prompt has beyond its own deadline, to find out who asks.
const promptSlack = 2 * time.Second

// playbook answers what concerns prompts. mcp-go answers every error of a
// prompt's handler as one of its own, and says that a request is wrong only when
// it knows no prompt of the name. So a prompt is filled before mcp-go looks for a
// handler, and what is wrong with its arguments is made part of the name.
type playbook struct {
	*prompts.Playbook
	behalf
}

func newPlaybook(o Options) playbook {
	if o.Prompts.Client == nil {
		return playbook{}
	}
	return playbook{Playbook: prompts.New(o.Prompts, o.on), behalf: newBehalf(o)}
}

// within is the playbook as the request of ctx is offered it.
func (p playbook) within(ctx context.Context) playbook {
	if p.gate.Narrows(ctx) {
		p.Playbook = p.Within(p.on(ctx))
	}
	return p
}

// filling is what a prompt came to.
type filling struct {
	filled prompts.Filled
	err    error
}

// fillingKey is where a request carries it from the hook to the handler. No
// client can put one there: what it sends has other types.
const fillingKey = "filling"

// options have a server ask the playbook, if there is one.
func (p playbook) options(hooks *server.Hooks) []server.ServerOption {
	if p.Playbook == nil {
		return nil
	}
	hooks.AddBeforeGetPrompt(func(ctx context.Context, _ any, req *mcp.GetPromptRequest) {
		offered := p.within(ctx)
		if p.Has(req.Params.Name) && !offered.Has(req.Params.Name) {
			req.Params.Name += " (not offered to this client)" // mcp-go knows it otherwise
		}
		offered.prepare(ctx, req)
	})
	hooks.AddAfterListPrompts(func(ctx context.Context, _ any, _ *mcp.ListPromptsRequest, list *mcp.ListPromptsResult) {
		list.Prompts = p.within(ctx).describe() // in their order, which mcp-go does not keep
	})
	return []server.ServerOption{
		server.WithPromptCapabilities(false),
		server.WithCompletions(),
		server.WithPromptCompletionProvider(p),
	}
}

// offer gives a server the prompts.
func (p playbook) offer(s *server.MCPServer) {
	if p.Playbook == nil {
		return
	}
	for _, described := range p.describe() {
		s.AddPrompt(described, p.answer)
	}
}

// describe is the prompts as clients see them.
func (p playbook) describe() []mcp.Prompt {
	var all []mcp.Prompt
	for _, one := range p.All() {
		described := mcp.Prompt{Name: one.Name(), Title: one.Title(), Description: one.Description()}
		for _, a := range one.Arguments() {
			described.Arguments = append(described.Arguments, mcp.PromptArgument{Name: a.Name, Title: a.Title, Description: a.Description, Required: a.Required})
		}
		all = append(all, described)
	}
	return all
}

// prepare fills a prompt. One that does not exist is left to mcp-go.
func (p playbook) prepare(ctx context.Context, req *mcp.GetPromptRequest) {
	if !p.Has(req.Params.Name) {
		return
	}
	defer goingOn(ctx, req.Params.Meta, p.progress)()
	start := time.Now()
	var got filling
	got.err = p.act(ctx, p.Longest()+promptSlack, func(ctx context.Context, who attrove.Caller) (err error) {
		got.filled, err = p.Fill(ctx, who, req.Params.Name, req.Params.Arguments)
		return err
	})
	outcome := "ok"
	if got.err != nil {
		outcome = view.Explain(got.err).Code
	}
	p.log.Info().Str("prompt", req.Params.Name).Str("outcome", outcome).Strs("missing", got.filled.Missing).Dur("ms", time.Since(start)).Msg("prompt")
	if wrong := (*attrove.Error)(nil); errors.As(got.err, &wrong) && wrong.Code == attrove.CodeInvalidArgument && wrong.Field != "" {
		req.Params.Name += " (" + wrong.Message + ")"
		return
	}
	meta := &mcp.Meta{AdditionalFields: map[string]any{}}
	if sent := req.Params.Meta; sent != nil {
		meta.ProgressToken = sent.ProgressToken
		maps.Copy(meta.AdditionalFields, sent.AdditionalFields)
	}
	meta.AdditionalFields[fillingKey] = got
	req.Params.Meta = meta
}

// answer is the prompt as it was filled.
func (p playbook) answer(_ context.Context, req mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	var got filling
	if req.Params.Meta != nil {
		got, _ = req.Params.Meta.AdditionalFields[fillingKey].(filling)
	}
	if got.err != nil {
		return nil, errors.New(p.Explain(got.err))
	}
	result := &mcp.GetPromptResult{Description: got.filled.Description}
	for _, text := range got.filled.Messages(rand.Text()) {
		result.Messages = append(result.Messages, mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text)))
	}
	result.Meta = mcp.NewMetaFromMap(map[string]any{untrustedMark: true})
	return result, nil
}

// CompletePromptArgument implements server.PromptCompletionProvider.
func (p playbook) CompletePromptArgument(ctx context.Context, prompt string, arg mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	p = p.within(ctx)
	var found prompts.Completion
	err := p.act(ctx, completeTimeout, func(ctx context.Context, who attrove.Caller) (err error) {
		found, err = p.Complete(ctx, who, prompt, arg.Name, arg.Value)
		return err
	})
	if err != nil {
		return nil, errors.New(p.Explain(err))
	}
	return &mcp.Completion{Values: found.Values, HasMore: found.More}, nil
}
