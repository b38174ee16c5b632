package telemetry

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Request is an MCP request as it comes in.
type Request struct {
	Method  string
	Version string // of the protocol; "" when it is not known
	Meta    string // traceparent in _meta (SEP-414); "" when there is none
	HTTP    string // the header of that name; "" likewise
}

// Operation is an MCP request in progress. It is safe for concurrent use. A nil
// one observes nothing.
type Operation struct {
	t      *Telemetry
	method string
	start  time.Time
	span   trace.Span // nil: it is not traced

	mu                          sync.Mutex
	tool, prompt, fault, status string
}

// What spans hold, by the semantic conventions for MCP.
const (
	methodName      = attribute.Key("mcp.method.name")
	protocolVersion = attribute.Key("mcp.protocol.version")
	toolName        = attribute.Key("gen_ai.tool.name")
	promptName      = attribute.Key("gen_ai.prompt.name")
	operationName   = attribute.Key("gen_ai.operation.name")
	errorType       = attribute.Key("error.type")
	statusCode      = attribute.Key("rpc.response.status_code")
)

// toolError is the error.type of a result that says of itself that it is one.
const toolError = "tool_error"

// methodNotFound is JSON-RPC's code for a method that nobody knows.
const methodNotFound = "-32601"

// listen is the one method that lasts as long as its client likes.
const listen = "subscriptions/listen"

// Begin observes a request until End. Whoever has its context finds it with
// OperationFrom.
func (t *Telemetry) Begin(ctx context.Context, r Request) (context.Context, *Operation) {
	if t == nil {
		return ctx, nil
	}
	op := &Operation{t: t, method: t.names.method(r.Method), start: time.Now()}
	op.active().Inc()
	ctx = op.trace(ctx, r)
	return context.WithValue(ctx, operationKey{}, op), op
}

// trace continues the trace that the client began, of whose context only the
// parent is taken: tracestate and baggage hold whatever the client likes. Of the
// two parents that a request over HTTP may name, the message's own goes first.
func (op *Operation) trace(ctx context.Context, r Request) context.Context {
	meta, http := remote(r.Meta), remote(r.HTTP)
	parent := meta
	if !parent.IsValid() {
		parent = http
	}
	if parent.IsValid() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, parent)
	}
	if op.t.tracer == nil {
		return ctx
	}
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(op.start), trace.WithAttributes(methodName.String(op.method)),
	}
	if r.Version != "" {
		options = append(options, trace.WithAttributes(protocolVersion.String(r.Version)))
	}
	if meta.IsValid() && http.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: http}))
	}
	ctx, op.span = op.t.tracer.Start(ctx, op.method, options...)
	return ctx
}

// remote reads a traceparent (W3C Trace Context, section 3.2).
func remote(traceparent string) trace.SpanContext {
	if traceparent == "" {
		return trace.SpanContext{}
	}
	carrier := propagation.MapCarrier{parentHeader: traceparent}
	return trace.SpanContextFromContext(propagation.TraceContext{}.Extract(context.Background(), carrier))
}

const parentHeader = "traceparent"

// active counts what is in progress; a stream is for as long as it is open.
func (op *Operation) active() prometheus.Gauge {
	if op.method == listen {
		return op.t.metrics.streams
	}
	return op.t.metrics.requests
}

type operationKey struct{}

// OperationFrom is the request that ctx belongs to; nil when it is not observed.
func OperationFrom(ctx context.Context) *Operation {
	op, _ := ctx.Value(operationKey{}).(*Operation)
	return op
}

// TraceID is the trace that ctx belongs to, in hex; "" when there is none.
func TraceID(ctx context.Context) string {
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		return span.TraceID().String()
	}
	return ""
}

// Tool notes which tool the request calls, and whether the result says of itself
// that it is an error.
func (op *Operation) Tool(name string, result Result) {
	if op == nil {
		return
	}
	op.mu.Lock()
	defer op.mu.Unlock()
	op.tool, op.fault = op.t.names.tool(name), ""
	if result == Failed {
		op.fault = toolError
	}
}

// Result is what a tool call came to.
type Result int

// The results.
const (
	OK Result = iota
	Failed
)

// Prompt notes which prompt the request gets.
func (op *Operation) Prompt(name string) {
	if op == nil {
		return
	}
	op.mu.Lock()
	defer op.mu.Unlock()
	op.prompt = op.t.names.prompt(name)
}

// Refused notes that the answer is a JSON-RPC error with this code.
func (op *Operation) Refused(code int) {
	if op == nil {
		return
	}
	op.mu.Lock()
	defer op.mu.Unlock()
	op.status = strconv.Itoa(code)
	op.fault = op.status
}

// Panicked counts a panic that was caught; where names the part that caught it.
func (op *Operation) Panicked(where string) {
	if op != nil {
		op.t.Panicked(where)
	}
}

// End ends the request. It must be called once.
func (op *Operation) End() {
	if op == nil {
		return
	}
	op.mu.Lock()
	defer op.mu.Unlock()
	op.active().Dec()
	if op.method == other && op.fault == "" { // nobody knows it, and nobody says so
		op.fault, op.status = methodNotFound, methodNotFound
	}
	op.t.metrics.operations.WithLabelValues(op.method, op.tool, op.prompt, op.fault, op.status).Observe(time.Since(op.start).Seconds())
	if op.span != nil {
		op.describe()
		op.span.End()
	}
}

// describe tells the span what became known meanwhile.
func (op *Operation) describe() {
	for key, value := range map[attribute.Key]string{toolName: op.tool, promptName: op.prompt, errorType: op.fault, statusCode: op.status} {
		if value != "" {
			op.span.SetAttributes(key.String(value))
		}
	}
	switch {
	case op.tool != "":
		op.span.SetName(op.method + " " + op.tool)
		op.span.SetAttributes(operationName.String("execute_tool"))
	case op.prompt != "":
		op.span.SetName(op.method + " " + op.prompt)
	}
	if op.fault != "" {
		op.span.SetStatus(codes.Error, "") // the message of the error may repeat what the client sent
	}
}
