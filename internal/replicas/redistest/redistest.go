// Package redistest starts Redis servers for tests.
package redistest

import (
	"context"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// password is the servers'; no message may hold it.
const password = "planted-redis-password"

// Server is a Redis server on loopback that keeps nothing on disk.
type Server struct {
	tb      testing.TB
	address string
	process *exec.Cmd
}

// Start starts Debian's redis-server, or skips the test where there is none.
func Start(tb testing.TB) *Server {
	tb.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		tb.Skip("needs redis-server in the path (Debian: apt-get install redis-server)")
	}
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	s := &Server{tb: tb, address: listener.Addr().String()}
	require.NoError(tb, listener.Close())
	tb.Cleanup(s.Stop)
	s.Restart()
	return s
}

// URL is where the server is, with its password.
func (s *Server) URL() attrove.Secret {
	return attrove.Secret("redis://:" + password + "@" + s.address + "/0")
}

// Bare is where the server is, without its password.
func (s *Server) Bare() attrove.Secret { return attrove.Secret("redis://" + s.address + "/0") }

// Password is the server's.
func (s *Server) Password() attrove.Secret { return password }

// Stop kills the server. What it knew is lost.
func (s *Server) Stop() {
	if s.process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait() // it was killed
		s.process = nil
	}
}

// Restart starts the server again where it was, empty.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Stop()
	_, port, err := net.SplitHostPort(s.address)
	require.NoError(s.tb, err)
	s.process = exec.CommandContext(context.WithoutCancel(s.tb.Context()), "redis-server", "--bind", "127.0.0.1", "--port", port, //nolint:gosec // all of it is ours
		"--dir", s.tb.TempDir(), "--save", "", "--appendonly", "no", "--requirepass", password)
	require.NoError(s.tb, s.process.Start())
	c := s.Client()
	defer func() { _ = c.Close() }()
	require.Eventually(s.tb, func() bool { return c.Ping(s.tb.Context()).Err() == nil }, 10*time.Second, 10*time.Millisecond)
}

// Pause has the server answer nothing for so long, while connections stay.
func (s *Server) Pause(d time.Duration) {
	s.tb.Helper()
	c := s.Client()
	defer func() { _ = c.Close() }()
	require.NoError(s.tb, c.Do(s.tb.Context(), "CLIENT", "PAUSE", d.Milliseconds(), "ALL").Err())
}

// Cut ends every connection.
func (s *Server) Cut() {
	s.tb.Helper()
	c := s.Client()
	defer func() { _ = c.Close() }()
	for _, kind := range []string{"normal", "pubsub"} {
		require.NoError(s.tb, c.Do(s.tb.Context(), "CLIENT", "KILL", "TYPE", kind).Err())
	}
}

// Client is a client of the server, to look inside.
func (s *Server) Client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.address, Password: password, MaxRetries: -1})
}
