package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Family describes a metric.
type Family struct {
	Name   string
	Type   string // counter, gauge or histogram
	Labels []string
	Help   string
}

// Families lists the metrics of this program, besides those of the Go runtime
// and of the process (go_ and process_).
func Families() []Family { return newMetrics().families }

type metrics struct {
	registry *prometheus.Registry
	families []Family

	operations *prometheus.HistogramVec
	requests   prometheus.Gauge
	streams    prometheus.Gauge
	calls      *prometheus.CounterVec
	http       *prometheus.CounterVec
	upstream   *prometheus.HistogramVec
	retries    *prometheus.CounterVec
	panics     *prometheus.CounterVec
	audit      prometheus.Counter
	reloads    *prometheus.CounterVec
	build      *prometheus.GaugeVec

	// These are read from elsewhere, where there is such a thing.
	circuit, redisSubscribed, redisLost, redisFailures, redisNudges Family
}

// buckets are those of the conventions for operations of MCP, in seconds.
func buckets() []float64 {
	return []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300}
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.operations = m.histogram("mcp_server_operation_duration_seconds", "How long MCP requests took, from when they were read until they were answered.",
		"mcp_method_name", "gen_ai_tool_name", "gen_ai_prompt_name", "error_type", "rpc_response_status_code")
	m.requests = m.gauge("attrove_mcp_requests_active", "MCP requests in progress, streams not counted.").WithLabelValues()
	m.streams = m.gauge("attrove_mcp_streams_active", "Streams on which a client listens for changes.").WithLabelValues()
	m.calls = m.counter("attrove_mcp_calls_total", "Tool calls by what was decided about them and what came of them: ok, asked, or the code of the error.",
		"tool", "decision", "outcome")
	m.http = m.counter("attrove_mcp_http_requests_total", "HTTP requests by path and status: 401 and 403 are refused, 429 and 503 are over a limit.",
		"path", "status")
	m.upstream = m.histogram("attrove_mcp_upstream_duration_seconds", "How long calls of the Attrove API took, retries included; outcome is ok or the code of the error.",
		"operation", "outcome")
	m.retries = m.counter("attrove_mcp_upstream_retries_total", "How often a call of the Attrove API was sent again.", "operation")
	m.panics = m.counter("attrove_mcp_panics_total", "Panics that were caught and answered as an error.", "where")
	m.audit = m.counter("attrove_mcp_audit_failures_total", "Lines that could not be written to the audit log.").WithLabelValues()
	m.reloads = m.counter("attrove_mcp_reloads_total", "Files that were read anew on SIGHUP, by outcome: ok or failed.", "what", "outcome")
	m.circuit = m.later("gauge", "attrove_mcp_upstream_circuit_open", "1 while the Attrove API failed so often in a row that it is left alone for a moment.")
	m.redisSubscribed = m.later("gauge", "attrove_mcp_redis_subscribed", "1 while nudges of other replicas come in.")
	m.redisLost = m.later("counter", "attrove_mcp_redis_subscriptions_lost_total", "How often the subscription to nudges was lost or could not be had.")
	m.redisFailures = m.later("counter", "attrove_mcp_redis_failures_total", "Failures of Redis: nudges are sent later, confirmations refused, limits kept by this replica alone.", "use")
	m.redisNudges = m.later("counter", "attrove_mcp_redis_nudges_total", "Users of whom other replicas were told (sent) or told this one (heard).", "way")
	m.build = m.gauge("attrove_mcp_build_info", "1, by the version of the program.", "version")
	return m
}

func (m *metrics) describe(kind, name, help string, labels []string) {
	m.families = append(m.families, Family{Name: name, Type: kind, Labels: labels, Help: help})
}

// later describes what read has served.
func (m *metrics) later(kind, name, help string, labels ...string) Family {
	m.describe(kind, name, help, labels)
	return m.families[len(m.families)-1]
}

// read has a metric read from value, under the values of its labels.
func (m *metrics) read(f Family, value func() float64, values ...string) {
	labels := prometheus.Labels{}
	for i, value := range values {
		labels[f.Labels[i]] = value
	}
	if f.Type == "counter" {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: f.Name, Help: f.Help, ConstLabels: labels}, value))
		return
	}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: f.Name, Help: f.Help, ConstLabels: labels}, value))
}

func (m *metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	m.describe("counter", name, help, labels)
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *metrics) gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	m.describe("gauge", name, help, labels)
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *metrics) histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	m.describe("histogram", name, help, labels)
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets()}, labels)
	m.registry.MustRegister(v)
	return v
}
