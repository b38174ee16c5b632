package telemetry

import "github.com/attrove/attrove-mcp/internal/replicas"

// Upstream has metrics say whether the upstream is left alone for a moment.
func (t *Telemetry) Upstream(circuitOpen func() bool) {
	t.metrics.read(t.metrics.circuit, func() float64 { return number(circuitOpen()) })
}

// Redis has metrics say how this replica does with Redis.
func (t *Telemetry) Redis(stats func() replicas.Stats) {
	m := t.metrics
	m.read(m.redisSubscribed, func() float64 { return number(stats().Subscribed) })
	m.read(m.redisLost, func() float64 { return float64(stats().SubscriptionsLost) })
	for use, count := range map[string]func(replicas.Stats) uint64{
		"nudges":        func(s replicas.Stats) uint64 { return s.FailedNudges },
		"confirmations": func(s replicas.Stats) uint64 { return s.FailedConfirmations },
		"limits":        func(s replicas.Stats) uint64 { return s.FailedLimits },
	} {
		m.read(m.redisFailures, func() float64 { return float64(count(stats())) }, use)
	}
	for way, count := range map[string]func(replicas.Stats) uint64{
		"sent":  func(s replicas.Stats) uint64 { return s.NudgesSent },
		"heard": func(s replicas.Stats) uint64 { return s.NudgesHeard },
	} {
		m.read(m.redisNudges, func() float64 { return float64(count(stats())) }, way)
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
