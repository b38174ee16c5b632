package mcpserver

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/resources"
)

const (
	// listTimeout is the time to list a caller's own resources, of which some
	// clients show nothing until all is there.
	listTimeout = 20 * time.Second
	// completeTimeout is the time of a completion: somebody is typing.
	completeTimeout = 5 * time.Second
	// templatesTTL is how long the templates may be kept; they never change.
	templatesTTL = time.Hour
)

// library answers what concerns resources. mcp-go would route by templates in no
// order, and answer every error of a handler as one of its own. So a resource is
// read before mcp-go looks for a handler, and what is not there has none: mcp-go
// then answers with the code that the client's version of the protocol wants.
type library struct {
	*resources.Library
	behalf
	timeout time.Duration
	read    string // the one URI that mcp-go has a handler for; clients cannot know it
}

func newLibrary(o Options) library {
	if o.Resources.Client == nil {
		return library{}
	}
	return library{Library: resources.New(o.Resources, o.on), behalf: newBehalf(o), timeout: callTimeout, read: rand.Text()}
}

// within is the library as the request of ctx is offered it.
func (l library) within(ctx context.Context) library {
	if l.gate.Narrows(ctx) {
		l.Library = l.Within(l.on(ctx))
	}
	return l
}

// outcome is what a read came to.
type outcome struct {
	page resources.Page
	err  error
}

// offer gives a server the one handler.
func (l library) offer(s *server.MCPServer) {
	if l.Library == nil {
		return
	}
	s.AddResource(mcp.NewResource(l.read, l.read), func(_ context.Context, req mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		got, ok := req.Params.Arguments[l.read].(outcome) // the hook below put it there
		if !ok {
			got.err = resources.ErrNotFound
		}
		if got.err != nil {
			return nil, errors.New(l.Explain(got.err))
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: got.page.URI, MIMEType: resources.MIMEType, Text: got.page.Text,
			Meta: map[string]any{untrustedMark: true}}}, nil
	})
}

// options have a server ask the library, if there is one. Everything in it is the
// caller's alone.
func (l library) options(hooks *server.Hooks) []server.ServerOption {
	if l.Library == nil {
		return nil
	}
	l.hook(hooks)
	return []server.ServerOption{
		server.WithResourceCapabilities(true, false),
		server.WithCompletions(),
		server.WithResourceCompletionProvider(l),
		server.WithMethodCacheHints(mcp.MethodResourcesTemplatesList, templatesTTL.Milliseconds(), mcp.CacheScopePrivate),
	}
}

// hook answers requests, or prepares what mcp-go answers.
func (l library) hook(hooks *server.Hooks) {
	hooks.AddAfterListResources(func(ctx context.Context, _ any, _ *mcp.ListResourcesRequest, result *mcp.ListResourcesResult) {
		l := l.within(ctx)
		result.Resources = nil
		for _, e := range l.list(ctx) {
			result.Resources = append(result.Resources, describeEntry(e))
		}
		if len(result.Resources) > len(l.Fixed()) { // titles are other people's words
			result.Meta = mcp.NewMetaFromMap(map[string]any{untrustedMark: true})
		}
	})
	hooks.AddAfterListResourceTemplates(func(ctx context.Context, _ any, _ *mcp.ListResourceTemplatesRequest, result *mcp.ListResourceTemplatesResult) {
		for _, r := range l.within(ctx).Templates() {
			result.ResourceTemplates = append(result.ResourceTemplates, mcp.NewResourceTemplate(r.URI(), r.URI()[len("attrove://"):],
				mcp.WithTemplateTitle(r.Title()), mcp.WithTemplateDescription(r.Description()), mcp.WithTemplateMIMEType(resources.MIMEType)))
		}
	})
	hooks.AddBeforeReadResource(func(ctx context.Context, _ any, req *mcp.ReadResourceRequest) {
		stop := goingOn(ctx, req.Params.Meta, l.progress)
		got := l.within(ctx).open(ctx, req.Params.URI)
		stop()
		if !errors.Is(got.err, resources.ErrNotFound) {
			req.Params.URI, req.Params.Arguments = l.read, map[string]any{l.read: got}
		}
	})
	s := &subscriptions{library: l, legacy: map[string]map[string]context.CancelFunc{}}
	s.hook(hooks)
}

// open reads a resource.
func (l library) open(ctx context.Context, uri string) (got outcome) {
	start := time.Now()
	got.err = l.act(ctx, l.timeout, func(ctx context.Context, who attrove.Caller) (err error) {
		got.page, err = l.Read(ctx, who, uri)
		return err
	})
	l.log.Info().Str("resource", l.Kind(uri)).Str("outcome", l.code(got.err)).Dur("ms", time.Since(start)).Msg("read")
	return got
}

// list is what a client may open: what everybody has, and of the caller's own as
// much as can be had.
func (l library) list(ctx context.Context) []resources.Entry {
	start := time.Now()
	all := l.Fixed()
	err := l.act(ctx, listTimeout, func(ctx context.Context, who attrove.Caller) error {
		own, err := l.Own(ctx, who)
		all = append(all, own...)
		return err
	})
	l.log.Info().Str("outcome", l.code(err)).Dur("ms", time.Since(start)).Msg("list resources")
	return all
}

// CompleteResourceArgument implements server.ResourceCompletionProvider.
func (l library) CompleteResourceArgument(ctx context.Context, template string, arg mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	l = l.within(ctx)
	var found resources.Completion
	err := l.act(ctx, completeTimeout, func(ctx context.Context, who attrove.Caller) (err error) {
		found, err = l.Complete(ctx, who, template, arg.Name, arg.Value)
		return err
	})
	if err != nil {
		return nil, errors.New(l.Explain(err))
	}
	return &mcp.Completion{Values: found.Values, HasMore: found.More}, nil
}

// code is what a log says of how something went.
func (l library) code(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, resources.ErrNotFound):
		return attrove.CodeNotFound
	}
	return view.Explain(err).Code
}

// describeEntry is a resource as clients see it.
func describeEntry(e resources.Entry) mcp.Resource {
	described := mcp.NewResource(e.URI, e.Name, mcp.WithResourceDescription(e.Description),
		mcp.WithMIMEType(resources.MIMEType))
	described.Title = e.Title
	described.Annotations = &mcp.Annotations{Priority: &e.Priority, LastModified: string(e.Modified)}
	return described
}
