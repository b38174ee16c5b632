// Package telemetry counts, times and traces what the server does, by the MCP
// semantic conventions of OpenTelemetry. It sees names, codes and durations and
// never arguments, results or keys.
package telemetry

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/trace"
)

// Options say what is observed.
type Options struct {
	Version string   // of this program
	Tools   []string // the names that may be told apart
	Prompts []string // likewise
	Env     Lookup   // where OpenTelemetry's own variables are; nil is nowhere
	Log     zerolog.Logger
}

// Lookup reads an environment variable, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// Telemetry observes one server. It is safe for concurrent use. A nil one
// observes nothing.
type Telemetry struct {
	metrics *metrics
	names   names
	tracer  trace.Tracer // nil: nothing is traced
	stop    func(context.Context) error
}

// New starts to observe. It sends nothing anywhere unless OpenTelemetry's
// variables name an endpoint for traces; its errors say what about them is wrong.
func New(ctx context.Context, o Options) (*Telemetry, error) {
	t := &Telemetry{metrics: newMetrics(), names: newNames(o.Tools, o.Prompts)}
	t.metrics.build.WithLabelValues(o.Version).Set(1)
	if !exports(o.Env) {
		return t, nil
	}
	provider, err := newProvider(ctx, o)
	if err != nil {
		return nil, err
	}
	t.tracer, t.stop = provider.Tracer(scope), provider.Shutdown
	return t, nil
}

// Close sends the traces that wait to be sent, until ctx ends.
func (t *Telemetry) Close(ctx context.Context) error {
	if t == nil || t.stop == nil {
		return nil
	}
	return t.stop(ctx)
}

// Metrics serves what was counted in the text format of Prometheus.
func (t *Telemetry) Metrics() http.Handler {
	return promhttp.HandlerFor(t.metrics.registry, promhttp.HandlerOpts{})
}

// Panicked counts a panic that was caught; where names the part that caught it.
func (t *Telemetry) Panicked(where string) {
	if t != nil {
		t.metrics.panics.WithLabelValues(where).Inc()
	}
}

// AuditFailed counts a line that could not be written to the audit log.
func (t *Telemetry) AuditFailed() {
	if t != nil {
		t.metrics.audit.Inc()
	}
}

// Reloaded counts an attempt to read something anew.
func (t *Telemetry) Reloaded(what string, err error) {
	if t == nil {
		return
	}
	outcome := "ok"
	if err != nil {
		outcome = "failed"
	}
	t.metrics.reloads.WithLabelValues(what, outcome).Inc()
}

// Answered counts an HTTP request by where it went, one of the paths that are
// served, and by its status.
func (t *Telemetry) Answered(path, status string) {
	if t != nil {
		t.metrics.http.WithLabelValues(path, status).Inc()
	}
}

// Decided counts a tool call by what the gate decided and what came of it.
func (t *Telemetry) Decided(tool, decision, outcome string) {
	if t != nil {
		t.metrics.calls.WithLabelValues(t.names.tool(tool), decision, t.names.code(outcome)).Inc()
	}
}
