package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/endpoint"
	"github.com/attrove/attrove-mcp/internal/local/model"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/internal/safe"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// backend is what answers the calls of this process: Attrove's cloud, or the
// embedded engine.
type backend struct {
	client *attrove.Client
	caller gate.CallerSource
	engine *local.Engine // nil on the cloud
	env    tools.Env

	confirmation gate.Confirmation
	goals        *resources.Bell                    // rings when goals may have changed
	poll         time.Duration                      // how often to look for changes while somebody listens
	record       func(context.Context, gate.Record) // is told of every call
}

// open makes the backend. It does no I/O: a host must get its answer to
// initialize before anything else happens.
func (a *app) open(b config.Backend, more ...func(*local.Options)) (*backend, error) {
	if b = b.Resolved(); !b.Embedded() {
		return a.cloud(b)
	}
	options, err := a.engineOptions(b.Engine)
	if err != nil {
		return nil, err
	}
	goals := new(resources.Bell)
	options.GoalsChanged = goals.RingAll
	for _, change := range more {
		change(&options)
	}
	// The engine's only partner is this process.
	options.ClientID, options.ClientSecret = "local", attrove.Secret(rand.Text())
	engine := local.New(options)
	client, err := attrove.NewClient(attrove.ClientOptions{
		BaseURL: "http://localhost", Transport: engine.Transport(), UserAgent: userAgent(), Ours: true,
		ClientID: options.ClientID, ClientSecret: options.ClientSecret, Observer: a.telemetry,
	})
	if err != nil {
		return nil, fmt.Errorf("embedded engine: %w", err)
	}
	env := tools.Env{Client: client, Now: b.Now(), Zone: b.Timezone.Location}
	return &backend{client: client, caller: engine.LocalCaller, engine: engine, env: env, goals: goals}, nil
}

// engineOptions are those of the embedded engine that c asks for.
func (a *app) engineOptions(c config.Engine) (local.Options, error) {
	a.warnExposed(c.Path())
	options := local.Options{Path: c.Path(), Now: c.Now(), Me: c.Me, Log: a.log}
	if c.Demo {
		options.Sample, options.SampleGoals = sample.Load, sample.Goals
		owner := sample.User()
		options.Name, options.Timezone = owner.Name, owner.Timezone
		options.Me = append(sample.Me(), c.Me...)
	}
	if c.Timezone.Location != nil {
		options.Timezone = c.Timezone.String()
	}
	if c.LLMURL != "" {
		phraser, err := newPhraser(c.LLM)
		if err != nil {
			return local.Options{}, err
		}
		options.Phraser = phraser
	}
	if c.EmbeddingsURL != "" {
		embedder, err := newEmbedder(c.Embeddings)
		if err != nil {
			return local.Options{}, err
		}
		options.Embedder = embedder
	}
	return options, nil
}

// newPhraser is the language model that c names.
func newPhraser(c config.LLM) (*model.Client, error) {
	client, err := model.New(endpoint.Options{URL: c.LLMURL, Name: c.LLMModel, Key: c.LLMKey})
	if err != nil {
		return nil, usageError{fmt.Errorf("--llm-url: %w", err)}
	}
	return client, nil
}

// newEmbedder is the model of embeddings that c names.
func newEmbedder(c config.Embeddings) (*embed.Client, error) {
	client, err := embed.New(endpoint.Options{URL: c.EmbeddingsURL, Name: c.EmbeddingsModel, Key: c.EmbeddingsKey})
	if err != nil {
		return nil, usageError{fmt.Errorf("--embeddings-url: %w", err)}
	}
	return client, nil
}

// offeringPage has the engine offer its user a page to connect a source while
// there is none. It is for processes that stay to serve the page.
func offeringPage(o *local.Options) { o.ConnectPage = local.ConnectOnLoopback }

func (a *app) cloud(b config.Backend) (*backend, error) {
	credentials := config.ReadCredentials(a.env)
	client, err := attrove.NewClient(attrove.ClientOptions{
		BaseURL: credentials.BaseURL, ClientID: credentials.ClientID, ClientSecret: credentials.ClientSecret,
		PartnerAuth: b.PartnerAuth, UserAgent: userAgent(), Observer: a.telemetry,
	})
	if err != nil {
		return nil, usageError{err}
	}
	caller := func(context.Context) (attrove.Caller, error) { return credentials.User, nil }
	env := tools.Env{Client: client, Now: time.Now, Zone: b.Timezone.Location}
	return &backend{client: client, caller: caller, env: env, goals: new(resources.Bell)}, nil
}

func (b *backend) now() time.Time { return b.env.Now() }

func (b *backend) close() error {
	if b.engine == nil {
		return nil
	}
	if err := b.engine.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// keepSecrets says what becomes of credentials that are shown once.
func (b *backend) keepSecrets(s config.Secrets) {
	b.env.Safe, b.env.Reveal = safe.New(s.Path()), s.RevealSecrets
}

// front is what a server in front of the backend is made of, which offers the
// tools of inventory and acts for caller.
func (a *app) front(b *backend, inventory gate.Inventory, caller gate.CallerSource) mcpserver.Options {
	return mcpserver.Options{
		Gate:      gate.New(inventory, b.env, caller, gate.WithConfirmation(b.confirmation), gate.WithChanges(b.goals.Ring), gate.WithRecords(b.record)),
		Resources: resources.Env{Client: b.client, Now: b.env.Now, Zone: b.env.Zone, Setup: b.env.Setup, Poll: b.poll, Changes: b.goals},
		Prompts:   prompts.Env{Client: b.client, Now: b.env.Now, Zone: b.env.Zone, Setup: b.env.Setup},
		Version:   project.ThisBuild().Version,
		Log:       a.log,
	}
}

func (a *app) server(b *backend, inventory gate.Inventory, caller gate.CallerSource) (*server.MCPServer, error) {
	s, err := mcpserver.New(a.front(b, inventory, caller))
	if err != nil {
		return nil, fmt.Errorf("MCP server: %w", err)
	}
	return s, nil
}

func userAgent() string { return project.Name + "/" + project.ThisBuild().Version }
