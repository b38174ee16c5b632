package telemetry

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

var _ attrove.Observer = (*Telemetry)(nil)

// Calling implements attrove.Observer.
func (t *Telemetry) Calling(ctx context.Context, m attrove.Meta) (context.Context, func(attrove.Called)) {
	if t == nil {
		return ctx, func(attrove.Called) {}
	}
	start := time.Now()
	var span trace.Span
	if t.tracer != nil {
		ctx, span = t.tracer.Start(ctx, m.Method+" "+m.Path, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(start),
			trace.WithAttributes(attribute.String("http.request.method", m.Method), attribute.String("url.template", m.Path)))
	}
	return ctx, func(c attrove.Called) {
		t.metrics.upstream.WithLabelValues(m.Name, t.names.code(outcome(c))).Observe(time.Since(start).Seconds())
		if c.Attempts > 1 {
			t.metrics.retries.WithLabelValues(m.Name).Add(float64(c.Attempts - 1))
		}
		if span != nil {
			describe(span, c, t.names)
			span.End()
		}
	}
}

func outcome(c attrove.Called) string {
	if c.Code == "" {
		return "ok"
	}
	return c.Code
}

func describe(span trace.Span, c attrove.Called, n names) {
	if c.Status > 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", c.Status))
	}
	if c.Attempts > 1 {
		span.SetAttributes(attribute.Int("http.request.resend_count", c.Attempts-1))
	}
	if c.Code != "" {
		span.SetAttributes(errorType.String(n.code(c.Code)))
		span.SetStatus(codes.Error, "")
	}
}

// Sending implements attrove.Observer: it tells Attrove which trace an attempt
// belongs to, and nothing else of it, where the operator wants traces at all.
func (t *Telemetry) Sending(ctx context.Context, h http.Header) {
	if t == nil || t.tracer == nil {
		return
	}
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(h))
}
