package main

import (
	"context"
	"net"
	"time"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// bind listens where c says. The command line has been checked: elsewhere than on
// loopback there is a certificate, or a proxy that has one.
func bind(ctx context.Context, c config.Edge) (net.Listener, error) {
	if c.Local() {
		return transport.Bind(ctx, c.Listen)
	}
	return transport.BindAnywhere(ctx, c.Listen)
}

// edge is how the server meets the network.
func (a *app) edge(c config.Edge) (transport.Edge, error) {
	e := transport.Edge{Hosts: c.AllowedHosts, Origins: c.AllowedOrigins, Proxies: c.Proxies(), Connections: c.MaxConnections}
	if c.TLSCert == "" {
		return e, nil
	}
	certificate, err := transport.ReadCertificate(c.TLSCert, c.TLSKey, a.log)
	if err != nil {
		return e, usageError{err}
	}
	e.Certificate = certificate
	return e, nil
}

// limits are how much is served, and to whom.
func limits(c config.Limits) transport.Limits {
	return transport.Limits{
		Address: transport.PerSecond(c.AddressRate, c.AddressBurst),
		Caller:  transport.PerSecond(c.CallerRate, c.CallerBurst),
		// No client that works fails like this. Whoever guesses gets nowhere.
		Failures: transport.Rate{Every: 3 * time.Second, Burst: 20},
		Calls:    c.MaxCalls, CallsPerCaller: c.MaxCallsPerCaller,
		Streams: c.MaxStreams, StreamsPerCaller: c.MaxStreamsPerCaller,
	}
}
