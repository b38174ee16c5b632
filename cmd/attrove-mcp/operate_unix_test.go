//go:build unix

package main

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// process is a server in a process of its own, which real signals reach.
type process struct {
	*testing.T
	cmd        *exec.Cmd
	mcp, admin string // where it listens
	ended      chan error
}

// start starts `attrove-mcp http` with an admin listener, in front of a stub of
// Attrove.
func start(t *testing.T, upstream http.HandlerFunc, flags ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	stub := httptest.NewServer(upstream)
	t.Cleanup(stub.Close)
	command := append([]string{"http", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--log-level", "debug"}, flags...)
	p := &process{T: t, cmd: exec.Command(exe), ended: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), "ATTROVE_BASE_URL="+stub.URL, serveVariable+"="+strings.Join(command, " "))
	pipe, err := p.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	lines := bufio.NewReader(io.TeeReader(pipe, safetest.Watch(t, "sk_planted", "planted")))
	for p.mcp == "" {
		line, err := lines.ReadString('\n')
		require.NoError(t, err, "it ended: %s", line)
		if _, address, ok := strings.Cut(strings.TrimSpace(line), "MCP endpoint: "); ok {
			p.mcp = address
		} else if _, address, ok := strings.Cut(line, "readiness: "); ok {
			p.admin, _, _ = strings.Cut(address, "/metrics")
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, lines) // until it ends
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // most have ended
	return p
}

func (p *process) signal(s os.Signal) {
	p.Helper()
	require.NoError(p, p.cmd.Process.Signal(s))
}

// exits waits until the process has ended.
func (p *process) exits() error {
	p.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(soon):
		require.Fail(p, "it did not end")
		return nil
	}
}

// get asks the admin listener.
func (p *process) get(path string) (status int, body string) {
	p.Helper()
	req, err := http.NewRequestWithContext(p.Context(), http.MethodGet, p.admin+path, nil)
	require.NoError(p, err)
	answer, err := http.DefaultClient.Do(req)
	require.NoError(p, err)
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	require.NoError(p, err)
	return answer.StatusCode, string(read)
}

// post sends a message to the MCP endpoint, and returns the answer unread.
func (p *process) post(message string, header ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.mcp, strings.NewReader(message))
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
		"Authorization": "Bearer sk_planted", "Attrove-User-Id": "u_1",
	} {
		req.Header.Set(name, value)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return http.DefaultClient.Do(req)
}

const (
	ping      = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	getGoal   = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"attrove_get_goal_status","arguments":{"goal_id":"g_1"}}}`
	pushNote  = `{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"attrove_push_note","arguments":{"body":"planted"}}}`
	subscribe = `{"jsonrpc":"2.0","id":9,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["attrove://goals"]},` +
		`"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`
)

// nothing is what a stub of Attrove has.
func nothing(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"data":[]}`) }

// TestDrainTakesItsTime: a server that is told to stop says so at once, and goes on
// meanwhile.
func TestDrainTakesItsTime(t *testing.T) {
	p := start(t, nothing, "--drain-delay", "10m")
	status, body := p.get("/readyz")
	require.Equal(t, http.StatusOK, status, body)
	assert.JSONEq(t, `{"ready":true,"checks":{"upstream":"ok"}}`, body)

	p.signal(syscall.SIGTERM)
	require.Eventually(t, func() bool {
		status, body = p.get("/readyz")
		return status == http.StatusServiceUnavailable
	}, soon, 5*time.Millisecond)
	assert.JSONEq(t, `{"ready":false,"stopping":true}`, body)
	answer, err := p.post(ping)
	require.NoError(t, err, "it still accepts")
	require.NoError(t, answer.Body.Close())
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.True(t, answer.Close, "and asks for another connection")
}

// TestDrain: when a server ends, its streams end well, with their result.
func TestDrain(t *testing.T) {
	p := start(t, nothing, "--drain-delay", "200ms")
	stream, err := p.post(subscribe, "Mcp-Method", "subscriptions/listen", "Mcp-Protocol-Version", "2026-07-28")
	require.NoError(t, err)
	defer stream.Body.Close()
	require.Equal(t, http.StatusOK, stream.StatusCode)
	events := bufio.NewReader(stream.Body)
	_, err = events.ReadString('\n')
	require.NoError(t, err, "the acknowledgement")
	_, body := p.get("/metrics")
	require.Contains(t, body, "attrove_mcp_streams_active 1\n")

	p.signal(syscall.SIGTERM)
	rest, err := io.ReadAll(events)
	require.NoError(t, err, "the stream ends well")
	assert.Contains(t, string(rest), `data: {"jsonrpc":"2.0","id":9,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":9}}}`)
	require.NoError(t, p.exits())
}

// TestCallsFinish: what is in progress is answered before the process ends.
func TestCallsFinish(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	p := start(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = fmt.Fprint(w, `{"data":{"id":"g_1","title":"Renew","lifecycle":"active"}}`)
	}, "--drain-timeout", soon.String())
	type reply struct {
		body string
		err  error
	}
	replied := make(chan reply, 1)
	go func() {
		answer, err := p.post(getGoal)
		if err != nil {
			replied <- reply{err: err}
			return
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		replied <- reply{string(body), err}
	}()
	<-arrived
	p.signal(syscall.SIGTERM)
	require.Eventually(t, func() bool {
		answer, err := p.post(ping)
		if err == nil {
			_ = answer.Body.Close() // whatever it is
		}
		return err != nil // it accepts nothing new
	}, soon, 5*time.Millisecond)
	close(release)
	got := <-replied
	require.NoError(t, got.err)
	assert.Contains(t, got.body, `"Renew"`)
	require.NoError(t, p.exits())
}

// TestCallsThatDoNotFinish hold the process up no longer than they may, and a
// second signal ends it at once.
func TestCallsThatDoNotFinish(t *testing.T) {
	for name, c := range map[string]struct {
		timeout string
		again   bool
		killed  bool
	}{
		"in time":         {"1s", false, false},
		"a second signal": {"10m", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan struct{})
			p := start(t, func(_ http.ResponseWriter, r *http.Request) {
				close(arrived)
				<-r.Context().Done()
			}, "--drain-timeout", c.timeout)
			go func() {
				if answer, err := p.post(getGoal); err == nil {
					_ = answer.Body.Close() // whatever it is
				}
			}()
			<-arrived
			p.signal(syscall.SIGTERM)
			if c.again {
				require.Eventually(t, func() bool { status, _ := p.get("/readyz"); return status == http.StatusServiceUnavailable }, soon, 5*time.Millisecond)
				p.signal(syscall.SIGTERM)
			}
			err := p.exits()
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
			state, ok := exit.Sys().(syscall.WaitStatus)
			require.True(t, ok)
			assert.Equal(t, c.killed, state.Signaled())
			if !c.killed {
				assert.Equal(t, exitError, exit.ExitCode(), "somebody's call was cut")
			}
		})
	}
}

// TestHangup: on SIGHUP the audit log is opened anew, and what cannot be read anew
// stays as it is.
func TestHangup(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.Mkdir(dir, 0o700))
	file := filepath.Join(dir, "audit.jsonl")
	p := start(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"data":{"id":"n_1","status":"queued"}}`)
	}, "--audit-log", file)
	push := func() {
		answer, err := p.post(pushNote)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
	}
	reloaded := func(outcome string) func() bool {
		return func() bool {
			_, body := p.get("/metrics")
			return strings.Contains(body, `attrove_mcp_reloads_total{outcome="`+outcome+`",what="audit log"} 1`)
		}
	}
	push()
	require.NoError(t, os.Rename(file, file+".1"))
	p.signal(syscall.SIGHUP)
	require.Eventually(t, reloaded("ok"), soon, 5*time.Millisecond)
	push()
	require.NoError(t, os.Rename(dir, dir+".away"))
	p.signal(syscall.SIGHUP)
	require.Eventually(t, reloaded("failed"), soon, 5*time.Millisecond)
	push()
	for name, want := range map[string]int{"audit.jsonl.1": 1, "audit.jsonl": 2} {
		kept, err := os.ReadFile(filepath.Join(dir+".away", name))
		require.NoError(t, err)
		assert.Equal(t, want, strings.Count(string(kept), "\n"), "%s: %s", name, kept)
		assert.Contains(t, string(kept), `"tool":"attrove_push_note","objects":["n_1"],"decision":"allowed","outcome":"ok"`)
		assert.NotContains(t, string(kept), "planted")
	}
	p.signal(syscall.SIGTERM)
	require.NoError(t, p.exits())
}

// TestRotation: on SIGHUP secrets are read anew from their files, without a
// restart, and what is wrong there changes nothing.
func TestRotation(t *testing.T) {
	signing := func(letter string) []byte { return bytes.Repeat([]byte(letter), 32) }
	whsec := func(key []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(key) }
	dir := t.TempDir()
	seal, webhook := filepath.Join(dir, "seal"), filepath.Join(dir, "webhook")
	rewrite := func(file, content string) { require.NoError(t, os.WriteFile(file, []byte(content), 0o600)) }
	rewrite(seal, testSeal)
	rewrite(webhook, whsec(signing("b")))
	p := start(t, http.NotFound, "--seal-key-file", seal, "--webhook-secret-file", webhook)
	hangup := func(outcome string, count int) {
		p.signal(syscall.SIGHUP)
		for _, what := range []string{"seal key", "webhook secret"} {
			require.Eventually(t, func() bool {
				_, body := p.get("/metrics")
				return strings.Contains(body, fmt.Sprintf("attrove_mcp_reloads_total{outcome=%q,what=%q} %d\n", outcome, what, count))
			}, soon, 5*time.Millisecond)
		}
	}
	statusOf := func(key []byte) int {
		const body = `{"type":"goals.updated","data":{"user_id":"u_1"}}`
		hook, err := standardwebhooks.NewWebhookRaw(key)
		require.NoError(t, err)
		now := time.Now()
		signature, err := hook.Sign("evt_1", now, []byte(body))
		require.NoError(t, err)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSuffix(p.mcp, transport.Path)+transport.WebhooksPath, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set(standardwebhooks.HeaderWebhookID, "evt_1")
		req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
		req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
		answer, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer.StatusCode
	}
	assert.Equal(t, http.StatusUnauthorized, statusOf(signing("a")))
	rewrite(seal, "fresh-"+testSeal+"\n"+testSeal)
	rewrite(webhook, whsec(signing("b"))+"\n"+whsec(signing("a")))
	hangup("ok", 1)
	assert.Equal(t, http.StatusNoContent, statusOf(signing("a")))
	rewrite(seal, "short")
	rewrite(webhook, "")
	hangup("failed", 1)
	assert.Equal(t, http.StatusNoContent, statusOf(signing("a")), "the old ones stay")
	p.signal(syscall.SIGTERM)
	require.NoError(t, p.exits())
}

// TestTLSIsServed where it is configured, and nothing in the clear.
func TestTLSIsServed(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler()) // has a certificate, and a client that trusts it
	t.Cleanup(web.Close)
	pair := web.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, kind string, der []byte) (file string) {
		file = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return file
	}
	p := start(t, http.NotFound, "--tls-cert", write("tls.crt", "CERTIFICATE", pair.Certificate[0]), "--tls-key", write("tls.key", "PRIVATE KEY", key))
	address, secure := strings.CutPrefix(strings.TrimSuffix(p.mcp, transport.Path), "https://")
	require.True(t, secure, p.mcp)
	for scheme, want := range map[string]int{"https": http.StatusOK, "http": http.StatusBadRequest} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://"+address+"/healthz", nil)
		require.NoError(t, err)
		answer, err := web.Client().Do(req)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, want, answer.StatusCode, scheme)
	}
}
