// Package redistest starts Redis servers for tests.
package redistest

import (
	"context"
	"math/rand/v2"
	"net"
	"os/exec"
	"strconv"
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
	s := &Server{tb: tb, address: FreeAddress(tb)}
	tb.Cleanup(s.Stop)
	s.Restart()
	return s
}

// FreeAddress is an address on loopback for a process that has to be told one. Its
// port is below those that systems give to whoever connects or listens on any, so that
// nobody takes it before the process listens, or while it is away.
func FreeAddress(tb testing.TB) string {
	tb.Helper()
	const first, last = 10_000, 32_767 // Linux: net.ipv4.ip_local_port_range begins at 32768
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(first+rand.IntN(last-first))) //nolint:gosec // any will do
		listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", address)
		if err != nil {
			continue
		}
		require.NoError(tb, listener.Close())
		return address
	}
	require.FailNow(tb, "no port is free")
	return ""
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
	require.Eventually(s.tb, func() bool { return c.Ping(s.tb.Context()).Err() == nil }, time.Minute, 10*time.Millisecond)
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
