package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/oauth/oauthtest"
)

func TestUsersAreAddedAndRemoved(t *testing.T) {
	dir := t.TempDir()
	key, book := filepath.Join(dir, "key"), filepath.Join(dir, "users.age")
	flags := []string{"--oauth-user-map", book, "--oauth-user-map-key-file", key}
	users := func(stdin, action string, args ...string) result {
		return command(t, stdin, append(append([]string{"users", action}, args...), flags...)...)
	}
	made := command(t, "", "users", "key", key)
	require.Equal(t, exitOK, made.exit, made.err)
	assert.Equal(t, exitError, command(t, "", "users", "key", key).exit, "a key is never written over")

	for _, c := range []struct {
		name, stdin, action string
		args                []string
		exit                int
		out, err            string
	}{
		{name: "whose subjects?", stdin: "sk_planted\n", action: "add", args: []string{"idp|ann", "u_ann"}, exit: exitUsage, err: "--oauth-issuer: say whose subjects"},
		{name: "nothing yet", action: "list", exit: exitError, err: "no such file"},
		{name: "the first", stdin: "sk_planted\n", action: "add", args: []string{"idp|ann", "u_ann", "--oauth-issuer", "https://login.example.com"}, exit: exitOK, err: "idp|ann is u_ann"},
		{name: "another", stdin: "sk_planted_too", action: "add", args: []string{"idp|bob", "u_bob"}, exit: exitOK, err: "SIGHUP"},
		{name: "a new key", stdin: "sk_planted_new\n", action: "add", args: []string{"idp|bob", "u_bob"}, exit: exitOK},
		{name: "somebody else", stdin: "sk_planted\n", action: "add", args: []string{"idp|bob", "u_carol"}, exit: exitUsage, err: "idp|bob is u_bob; remove it first"},
		{name: "no key", stdin: "\n", action: "add", args: []string{"idp|carol", "u_carol"}, exit: exitUsage, err: "ATTROVE_SECRET_KEY"},
		{name: "another sort of key", stdin: "pit_planted\n", action: "add", args: []string{"idp|carol", "u_carol"}, exit: exitError, err: "begins with sk_"},
		{name: "another issuer", stdin: "sk_planted\n", action: "add", args: []string{"x", "u_x", "--oauth-issuer", "https://other.example"}, exit: exitUsage, err: "are those of https://login.example.com"},
		{name: "all", action: "list", exit: exitOK, out: "idp|ann  u_ann\nidp|bob  u_bob\n", err: "https://login.example.com"},
		{name: "one less", action: "remove", args: []string{"idp|ann"}, exit: exitOK, err: "idp|ann is nobody"},
		{name: "once more", action: "remove", args: []string{"idp|ann"}, exit: exitUsage, err: "idp|ann is not in"},
		{name: "who is left", action: "list", exit: exitOK, out: "idp|bob  u_bob\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := users(c.stdin, c.action, c.args...)
			assert.Equal(t, c.exit, got.exit, got.err)
			assert.Contains(t, got.out, c.out)
			assert.Contains(t, got.err, c.err)
			assert.NotContains(t, got.out+got.err, "planted")
		})
	}
	assert.Equal(t, exitUsage, command(t, "", "users", "list").exit, "of which file?")
	got := command(t, "", "users", "list", "--oauth-user-map", book)
	assert.Equal(t, exitUsage, got.exit)
	assert.Contains(t, got.err, "ATTROVE_MCP_OAUTH_USER_MAP_KEY")
}

// TestServingWhoHasATokenOfAnIssuer: the command as it is run, with its user map,
// which SIGHUP has it read again.
func TestServingWhoHasATokenOfAnIssuer(t *testing.T) {
	home(t)
	issuer := oauthtest.New(t)
	dir := t.TempDir()
	flags := []string{"--oauth-user-map", filepath.Join(dir, "users.age"), "--oauth-user-map-key-file", filepath.Join(dir, "key"), "--oauth-issuer", issuer.URL()}
	require.Equal(t, exitOK, command(t, "", "users", "key", filepath.Join(dir, "key")).exit)
	require.Equal(t, exitOK, command(t, "sk_planted", append([]string{"users", "add", "sub-ann", "u_ann"}, flags...)...).exit)

	s := serving(t, append([]string{"--oauth-audience", "https://mcp.example.com/mcp", "--public-url", "https://mcp.example.com/"}, flags...)...)
	now := time.Now()
	assert.Equal(t, http.StatusUnauthorized, s.ping(t, ""))
	assert.Equal(t, http.StatusOK, s.ping(t, issuer.Token("https://mcp.example.com/mcp", "sub-ann", "attrove:read", now)))
	bob := issuer.Token("https://mcp.example.com/mcp", "sub-bob", "attrove:read", now)
	assert.Equal(t, http.StatusForbidden, s.ping(t, bob))

	resp, err := http.Get(s.base + "/.well-known/oauth-protected-resource/mcp")
	require.NoError(t, err)
	var said struct{ Resource string }
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&said))
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, "https://mcp.example.com/mcp", said.Resource)

	require.Equal(t, exitOK, command(t, "sk_planted", append([]string{"users", "add", "sub-bob", "u_bob"}, flags...)...).exit)
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	require.NoError(t, self.Signal(syscall.SIGHUP))
	require.Eventually(t, func() bool { return s.ping(t, bob) == http.StatusOK }, time.Minute, 5*time.Millisecond)
}

// served is an HTTP server that a command line started.
type served struct{ base string }

// serving starts one, until the test ends.
func serving(t *testing.T, args ...string) served {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said := &lines{found: make(chan string, 1)}
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"http", "--listen", "127.0.0.1:0"}, args...), strings.NewReader(""), io.Discard, said)
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		assert.Equal(t, exitOK, <-done)
	})
	select {
	case base := <-said.found:
		return served{base}
	case exit := <-done:
		done <- exit
		require.FailNow(t, "it ended", "%d: %s", exit, said)
	}
	return served{}
}

// lines looks for the address of a server in what it says.
type lines struct {
	said
	found chan string
}

func (l *lines) Write(p []byte) (int, error) {
	if at := regexp.MustCompile(`MCP endpoint: (http://\S+)/mcp`).FindSubmatch(p); at != nil {
		l.found <- string(at[1])
	}
	return l.said.Write(p)
}

// ping returns the status of a request that carries a token.
func (s served) ping(t *testing.T, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// TestTheEngineOfSeveralUsers is not served without keys, from the start.
func TestTheEngineOfSeveralUsers(t *testing.T) {
	home(t)
	db := filepath.Join(t.TempDir(), "several.db")
	got := command(t, "", "call", "--db", db, "attrove_create_user", `{"email":"other@example.com"}`)
	require.Equal(t, exitOK, got.exit, got.err)
	got = command(t, "", "http", "--listen", "127.0.0.1:0", "--db", db)
	assert.Equal(t, exitError, got.exit)
	assert.Contains(t, got.err, "the database has 2 users")
}

func TestKeylessOnThisMachineOnly(t *testing.T) {
	const engine, tokens = "without keys, so on loopback only", "needs --public-url"
	for _, c := range []struct {
		says string
		args []string
	}{
		{engine, []string{"--behind-proxy"}},
		{engine, []string{"--listen", "0.0.0.0:0", "--behind-proxy", "--allowed-hosts", "mcp.example.com"}},
		{engine, []string{"--listen", "192.0.2.1:0", "--tls-cert", "c", "--tls-key", "k", "--allowed-hosts", "mcp.example.com"}},
		{tokens, []string{"--behind-proxy", "--oauth-issuer", "https://i.example", "--oauth-audience", "a", "--oauth-user-map", "u"}},
	} {
		got := command(t, "", append([]string{"http", "--demo"}, c.args...)...)
		assert.Equal(t, exitUsage, got.exit, c.args)
		assert.Contains(t, got.err, c.says)
	}
}
