package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/admin"
	"github.com/attrove/attrove-mcp/internal/audit"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/telemetry"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/tools"
)

// flushTimeout is how long the last traces may take to be sent.
const flushTimeout = 5 * time.Second

// operation is what those who operate a server have of it.
type operation struct {
	config    config.Admin
	telemetry *telemetry.Telemetry
	audit     *audit.Log // nil: no calls are noted
	reloads   []reload
	log       zerolog.Logger
}

// reload reads something again that may have changed. When that fails it keeps
// what it had.
type reload struct {
	what string
	read func(context.Context) error
}

// operate begins to observe the server that a is to run.
func (a *app) operate(ctx context.Context, c config.Admin) (*operation, error) {
	o := &operation{config: c, log: a.log}
	which := audit.Changes
	if c.AuditReads {
		which = audit.Everything
	}
	switch c.AuditLog {
	case "":
	case "-":
		o.audit = audit.To(a.err, which)
	default:
		var err error
		if o.audit, err = audit.Open(c.AuditLog, which); err != nil {
			return nil, usageError{fmt.Errorf("--audit-log: %w", err)}
		}
		o.reloads = append(o.reloads, reload{"audit log", o.audit.Reload})
	}
	options := telemetry.Options{Version: project.ThisBuild().Version, Env: telemetry.Lookup(a.env), Log: a.log}
	for _, t := range tools.Catalog() {
		options.Tools = append(options.Tools, t.Name())
	}
	for _, p := range prompts.Catalog() {
		options.Prompts = append(options.Prompts, p.Name())
	}
	observed, err := telemetry.New(ctx, options)
	if err != nil {
		return nil, errors.Join(usageError{err}, o.close(ctx))
	}
	o.telemetry, a.telemetry = observed, observed
	return o, nil
}

// close sends and closes what is left.
func (o *operation) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	if err := o.telemetry.Close(ctx); err != nil { // nobody's calls are worse for it
		o.log.Warn().Msg("the last traces could not be sent")
	}
	if o.audit == nil {
		return nil
	}
	return o.audit.Close()
}

// record is told of every call.
func (o *operation) record(ctx context.Context, r gate.Record) {
	result := telemetry.OK
	if r.Outcome != gate.OutcomeOK && r.Outcome != gate.OutcomeAsked {
		result = telemetry.Failed
	}
	telemetry.OperationFrom(ctx).Tool(r.Tool, result)
	o.telemetry.Decided(r.Tool, string(r.Decision), r.Outcome)
	if o.audit == nil {
		return
	}
	who, _ := transport.RequestIdentity(ctx)
	if err := o.audit.Note(ctx, r, who.Subject); err != nil { // what was done is done
		o.telemetry.AuditFailed()
		o.log.Error().Err(err).Msg("audit")
	}
}

// reloading reads things again whenever the process gets a SIGHUP, until stop.
func (o *operation) reloading(ctx context.Context) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				o.reload(ctx)
			}
		}
	})
	return func() {
		signal.Stop(hangups)
		cancel()
		running.Wait()
	}
}

// reloadFile has one read again what is in a file; without one there is nothing
// that could change.
func (o *operation) reloadFile(path string, one reload) {
	if path != "" {
		o.reloads = append(o.reloads, one)
	}
}

func (o *operation) reload(ctx context.Context) {
	for _, one := range o.reloads {
		err := one.read(ctx)
		o.telemetry.Reloaded(one.what, err)
		if err != nil {
			o.log.Error().Err(err).Str("what", one.what).Msg("reload failed; the old one stays")
			continue
		}
		o.log.Warn().Str("what", one.what).Msg("reloaded") // seldom, and whoever asked for it waits for it
	}
}

// edge is e as the operator wants it, observed.
func (o *operation) edge(e transport.Edge) transport.Edge {
	e.DrainDelay, e.DrainTimeout, e.Telemetry = o.config.DrainDelay, o.config.DrainTimeout, o.telemetry
	if e.Certificate != nil {
		o.reloads = append(o.reloads, reload{"certificate", func(context.Context) error { return e.Certificate.Reload() }})
	}
	return e
}

// checks look at what the server needs. The upstream and Redis are every
// replica's: one after the other would be taken out of service for them.
func (b *backend) checks(shared *replicas.Redis) []admin.Check {
	var all []admin.Check
	if b.engine != nil {
		all = append(all, admin.Check{Name: "database", Needed: true, Probe: func(ctx context.Context) error {
			_, err := b.engine.LocalCaller(ctx)
			return err
		}})
	} else {
		all = append(all, admin.Check{Name: "upstream", Probe: func(context.Context) error {
			if b.client.CircuitOpen() {
				return errors.New("it failed several times in a row")
			}
			return nil
		}})
	}
	if shared != nil {
		all = append(all, admin.Check{Name: "redis", Probe: shared.Ping})
	}
	return all
}

// administer answers those who operate the server, until stop. The server counts
// as stopping once ctx ends.
func (a *app) administer(ctx context.Context, o *operation, b *backend, shared *replicas.Redis) (stop func() error, err error) {
	if o.config.AdminListen == "" {
		return func() error { return nil }, nil
	}
	o.telemetry.Upstream(b.client.CircuitOpen)
	if shared != nil {
		o.telemetry.Redis(shared.Stats)
	}
	bind := transport.Bind
	if o.config.AdminRemote {
		bind = transport.BindAnywhere
	}
	listener, err := bind(ctx, o.config.AdminListen)
	if err != nil {
		return nil, usageError{fmt.Errorf("--admin-listen: %w", err)}
	}
	a.say("Metrics and readiness: http://%s/metrics, /readyz\n", listener.Addr())
	handler := admin.Handler(admin.Options{
		Metrics: o.telemetry.Metrics(), Checks: b.checks(shared), Profiles: o.config.AdminPprof, Log: a.log,
		Stopping: func() bool { return ctx.Err() != nil },
	})
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() {
		served <- transport.Serve(serving, listener, handler, transport.Edge{AnyHost: o.config.AdminRemote}, a.log)
	}()
	return func() error {
		end()
		return <-served
	}, nil
}
