package main

import (
	"context"
	"fmt"
	"net"
	"strings"
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

// origin is where clients find a server that listens on address: under the first
// of its names, where it has any.
func origin(c config.Edge, address net.Addr) string {
	scheme, host := "http", address.String()
	if c.TLSCert != "" || c.BehindProxy {
		scheme = "https"
	}
	if len(c.AllowedHosts) > 0 {
		_, port, err := net.SplitHostPort(host)
		host = c.AllowedHosts[0]
		if err == nil && !c.BehindProxy && !strings.Contains(host, ":") { // a proxy has a port of its own
			host = net.JoinHostPort(host, port)
		}
	}
	return scheme + "://" + host
}

// edge is how the server meets the network.
func (a *app) edge(c config.Edge) (transport.Edge, error) {
	e := transport.Edge{Hosts: c.AllowedHosts, Origins: c.AllowedOrigins, Proxies: c.Proxies(), Connections: c.MaxConnections}
	if c.TLSCert == "" {
		return e, nil
	}
	certificate, err := transport.ReadCertificate(c.TLSCert, c.TLSKey, a.log)
	if err != nil {
		return e, usageError{fmt.Errorf("--tls-cert, --tls-key: %w", err)}
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
