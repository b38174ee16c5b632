// Package fleet runs what docs/operations.md tells an operator to run: three
// replicas of a built binary behind a proxy, which share one API and one Redis.
// .ci/replicas says where the binary is.
package fleet_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/replicas/redistest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// binaryVariable says which binary to run.
const binaryVariable = "ATTROVE_TEST_BINARY"

// fleet is everything that runs.
type fleet struct {
	*testing.T
	binary   string
	url      string // of the proxy
	secrets  string // the directory
	api      *process
	partner  *attrove.Client // of the API, directly
	webhook  attrove.NewWebhook
	replicas []*replica
}

// replica is one of those that answer, under the name that the proxy gives it.
type replica struct {
	*process
	address string
	admin   string
	start   func() *process
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{T: t, binary: os.Getenv(binaryVariable)}
	if f.binary == "" {
		t.Skip("there is no binary to run: run .ci/replicas BINARY")
	}
	for _, needed := range []string{"haproxy", "openssl"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("needs %[1]s in the path (Debian: apt-get install %[1]s)", needed)
		}
	}
	redis := redistest.Start(t)
	f.makeSecrets()
	proxy := redistest.FreeAddress(t)
	_, port, err := net.SplitHostPort(proxy)
	require.NoError(t, err)
	f.url = "https://localhost:" + port
	f.startAPI()
	f.startReplicas(redis)
	f.startProxy(proxy)
	return f
}

// in is the fleet within a part of the test.
func (f *fleet) in(t *testing.T) *fleet {
	t.Helper()
	part := *f
	part.T = t
	return &part
}

// makeSecrets has the operator's script make them.
func (f *fleet) makeSecrets() {
	f.Helper()
	script, err := os.ReadFile("../../deploy/secrets")
	require.NoError(f, err)
	dir := f.TempDir()
	require.NoError(f, os.Mkdir(filepath.Join(dir, "deploy"), 0o700))
	path := filepath.Join(dir, "deploy", "secrets")
	require.NoError(f, os.WriteFile(path, script, 0o600))
	said, err := exec.CommandContext(f.Context(), "bash", path, "localhost").CombinedOutput()
	require.NoError(f, err, string(said))
	f.secrets = filepath.Join(dir, "secrets")
}

// secret is where one is.
func (f *fleet) secret(name string) string { return filepath.Join(f.secrets, name) }

// transport trusts the proxy, and has connections of its own.
func (f *fleet) transport() *http.Transport {
	f.Helper()
	certificate, err := os.ReadFile(f.secret("tls"))
	require.NoError(f, err)
	roots := x509.NewCertPool()
	require.True(f, roots.AppendCertsFromPEM(certificate))
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}}
}

// startAPI starts the one that has the data. It is to tell the replicas what
// happens, but only once its webhooks are enabled.
func (f *fleet) startAPI() {
	f.Helper()
	f.api = start(f.T, "api", []string{"SSL_CERT_FILE=" + f.secret("tls")}, f.binary, "api", "--listen=127.0.0.1:0",
		"--db="+filepath.Join(f.TempDir(), "attrove.db"), "--client-secret-file="+f.secret("client-secret"), "--allow-private-webhooks")
	secret := f.api.says(`ATTROVE_CLIENT_SECRET=(\S+)`)
	var err error
	f.partner, err = attrove.NewClient(attrove.ClientOptions{BaseURL: f.api.says(`ATTROVE_BASE_URL=(\S+)`), Ours: true,
		ClientID: f.api.says(`ATTROVE_CLIENT_ID=(\S+)`), ClientSecret: attrove.Secret(secret)})
	require.NoError(f, err)
	disabled := false
	f.webhook = do(f, attrove.CreateWebhook, attrove.Caller{}, attrove.CreateWebhookIn{
		URL: f.url + transport.WebhooksPath, Events: []string{attrove.EventAll}, Enabled: &disabled})
}

// startReplicas starts three, whose listeners hear by nudges alone: they poll once
// an hour.
func (f *fleet) startReplicas(redis *redistest.Server) {
	f.Helper()
	env := []string{
		"ATTROVE_BASE_URL=" + f.api.says(`ATTROVE_BASE_URL=(\S+)`),
		"ATTROVE_MCP_BEHIND_PROXY=true",
		"ATTROVE_MCP_REDIS=" + redis.URL().Reveal(),
		"ATTROVE_MCP_SEAL_KEY_FILE=" + f.secret("seal-key"),
		"ATTROVE_MCP_WEBHOOK_SECRET=" + f.webhook.Secret,
		"ATTROVE_MCP_POLL_INTERVAL=1h",
		"ATTROVE_MCP_DRAIN_DELAY=1s",
		// Counted, and never reached: a few callers do what many would.
		"ATTROVE_MCP_CALLER_RATE=1e6", "ATTROVE_MCP_CALLER_BURST=1000000", "ATTROVE_MCP_ADDRESS_RATE=1e6", "ATTROVE_MCP_ADDRESS_BURST=1000000",
	}
	for i := range 3 {
		r := &replica{address: redistest.FreeAddress(f.T), admin: redistest.FreeAddress(f.T)}
		r.start = func() *process {
			f.Helper()
			p := start(f.T, fmt.Sprint("replica", i+1), env, f.binary, "http", "--listen="+r.address, "--admin-listen="+r.admin)
			p.says(`MCP endpoint: (\S+)`)
			return p
		}
		r.process = r.start()
		f.replicas = append(f.replicas, r)
	}
}

// startProxy starts HAProxy with the operator's own configuration, in which only
// addresses and paths are others.
func (f *fleet) startProxy(address string) {
	f.Helper()
	config, err := os.ReadFile("../../deploy/haproxy.cfg")
	require.NoError(f, err)
	var servers bytes.Buffer
	for _, r := range f.replicas {
		_, admin, err := net.SplitHostPort(r.admin)
		require.NoError(f, err)
		fmt.Fprintf(&servers, "    server %s %s port %s\n", r.name, r.address, admin)
	}
	for pattern, by := range map[string]string{
		` :8443 `:       " " + address + " ",
		`/run/secrets/`: f.secrets + "/",
		`(?m)^    server-template replica 3 .*\n`: servers.String(),
	} {
		changed := regexp.MustCompile(pattern).ReplaceAll(config, []byte(by))
		require.NotEqual(f, string(config), string(changed), pattern)
		config = changed
	}
	file := filepath.Join(f.TempDir(), "haproxy.cfg")
	require.NoError(f, os.WriteFile(file, config, 0o600))
	proxy := start(f.T, "haproxy", nil, "haproxy", "-db", "-f", file)
	client := &http.Client{Transport: f.transport()}
	require.Eventually(f, func() bool {
		if proxy.ended() {
			return true
		}
		reply, err := client.Get(f.url + "/healthz")
		if err != nil {
			return false
		}
		_ = reply.Body.Close()
		return reply.StatusCode == http.StatusOK
	}, patience, 20*time.Millisecond)
	require.False(f, proxy.ended(), proxy.said)
}

// do calls the API directly, as an owner of the data would.
func do[In, Out any](f *fleet, op attrove.Operation[In, Out], who attrove.Caller, in In) Out {
	f.Helper()
	reply, err := op.Call(f.Context(), f.partner, who, in)
	require.NoError(f, err)
	out, err := reply.Value()
	require.NoError(f, err)
	return out
}

// user is a new one.
func (f *fleet) user(name string) attrove.Caller {
	f.Helper()
	u := do(f, attrove.CreateUser, attrove.Caller{}, attrove.CreateUserIn{Email: name + "@acme.example"})
	return attrove.Caller{UserID: u.ID, Key: attrove.Secret(u.APIKey)}
}
