package main

import (
	"context"
	"fmt"
	"time"

	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/tools"
)

// backend is what answers the calls of this process: Attrove's cloud, or the
// embedded engine.
type backend struct {
	client *attrove.Client
	caller gate.CallerSource
	engine *local.Engine // nil on the cloud
	clock  func() time.Time
	zone   *time.Location // nil unless the user set one
}

// open makes the backend. It does no I/O: a host must get its answer to
// initialize before anything else happens.
func (a *app) open(b config.Backend, more ...func(*local.Options)) (*backend, error) {
	if !b.Embedded() {
		return a.cloud(b)
	}
	options := a.engineOptions(b.Engine)
	for _, change := range more {
		change(&options)
	}
	engine := local.New(options)
	client, err := attrove.NewClient(attrove.ClientOptions{
		BaseURL: "http://localhost", Transport: engine.Transport(), UserAgent: userAgent(), Ours: true,
	})
	if err != nil {
		return nil, fmt.Errorf("embedded engine: %w", err)
	}
	return &backend{client: client, caller: engine.LocalCaller, engine: engine, clock: b.Now(), zone: b.Timezone.Location}, nil
}

// engineOptions are those of the embedded engine that c asks for.
func (a *app) engineOptions(c config.Engine) local.Options {
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
	return options
}

// offeringPage has the engine offer its user a page to connect a source while
// there is none. It is for processes that stay to serve the page.
func offeringPage(o *local.Options) { o.ConnectPage = local.ConnectOnLoopback }

func (a *app) cloud(b config.Backend) (*backend, error) {
	credentials := config.ReadCredentials(a.env)
	client, err := attrove.NewClient(attrove.ClientOptions{
		BaseURL: credentials.BaseURL, ClientID: credentials.ClientID, ClientSecret: credentials.ClientSecret,
		PartnerAuth: b.PartnerAuth, UserAgent: userAgent(),
	})
	if err != nil {
		return nil, usageError{err}
	}
	caller := func(context.Context) (attrove.Caller, error) { return credentials.User, nil }
	return &backend{client: client, caller: caller, clock: time.Now, zone: b.Timezone.Location}, nil
}

func (b *backend) now() time.Time { return b.clock() }

func (b *backend) close() error {
	if b.engine == nil {
		return nil
	}
	if err := b.engine.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// server is the MCP server in front of the backend, which acts for caller.
func (a *app) server(b *backend, caller gate.CallerSource) (*server.MCPServer, error) {
	env := tools.Env{Client: b.client, Now: b.clock, Zone: b.zone}
	s, err := mcpserver.New(mcpserver.Options{
		Gate:    gate.New(tools.Catalog(), env, caller),
		Version: project.ThisBuild().Version,
		Log:     a.log,
	})
	if err != nil {
		return nil, fmt.Errorf("MCP server: %w", err)
	}
	return s, nil
}

func userAgent() string { return project.Name + "/" + project.ThisBuild().Version }
