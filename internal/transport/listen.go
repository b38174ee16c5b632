package transport

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/net/netutil"
)

// How long a connection may take for what. There is no limit on writing, which
// would cut slow calls and streams; a call has its own deadline.
const (
	headerTimeout  = 10 * time.Second
	readTimeout    = 30 * time.Second
	idleTimeout    = 2 * time.Minute
	drainTime      = 10 * time.Second // unless the edge says otherwise
	maxHeaderBytes = 32 << 10
)

// Bind listens on a loopback address with its port; port 0 is any.
func Bind(ctx context.Context, address string) (net.Listener, error) {
	listener, err := BindAnywhere(ctx, address)
	if err != nil {
		return nil, err
	}
	if addr, ok := listener.Addr().(*net.TCPAddr); !ok || !addr.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("listen on %s: only loopback addresses are served in plain HTTP; use 127.0.0.1 and the port", address), listener.Close())
	}
	return listener, nil
}

// BindAnywhere listens on an address with its port, for a server with a
// certificate or behind a proxy that has one.
func BindAnywhere(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener, nil
}

// Serve serves h on l until ctx ends, then finishes the requests in progress and
// closes l. Requests for hosts, and those that a browser sends for sites, that e
// does not name do not reach h. A request that takes long to arrive has its own
// read deadline to set.
func Serve(ctx context.Context, l net.Listener, h http.Handler, e Edge, events zerolog.Logger) error {
	return serve(ctx, l, h, e, events, func() {})
}

// serve is Serve, which calls closing when no connection is accepted any more.
func serve(ctx context.Context, l net.Listener, h http.Handler, e Edge, events zerolog.Logger, closing func()) error {
	guarded, err := knownOrigins(e.Origins, h)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if !e.AnyHost {
		guarded = knownHosts(e.Hosts, guarded)
	}
	var last atomic.Bool // each answer is the last on its connection
	srv := &http.Server{
		Handler:           counted(e.Telemetry, recovered(e, events, parting(&last, guarded))),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(quiet{events, "http"}, "", 0),

		DisableGeneralOptionsHandler: true, // it would answer OPTIONS * unguarded
	}
	srv.RegisterOnShutdown(closing)
	if e.Connections > 0 {
		l = netutil.LimitListener(l, e.Connections)
	}
	served := make(chan error, 1)
	go func() {
		if e.Certificate == nil {
			served <- srv.Serve(l)
			return
		}
		srv.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: e.Certificate.get}
		served <- srv.ServeTLS(l, "", "")
	}()
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	last.Store(true)
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-time.After(e.DrainDelay):
	}
	return shutdown(context.WithoutCancel(ctx), srv, cmp.Or(e.DrainTimeout, drainTime))
}

// shutdown lets the requests in progress finish.
func shutdown(ctx context.Context, srv *http.Server, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were still running after %s", within), srv.Close())
	}
	return nil
}

// parting has clients connect anew, and so elsewhere, from when last is set.
func parting(last *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if last.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
