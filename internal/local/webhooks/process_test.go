package webhooks_test

import (
	"context"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

// childEnv makes the test binary a process that sends from a database until it is
// killed.
const childEnv = "ATTROVE_TEST_SENDER"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		fmt.Fprintln(os.Stderr, sendAsChild(path))
		os.Exit(1)
	}
	os.Exit(runIn(m, map[string]string{
		"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "NO_PROXY": "", "no_proxy": "", // a proxy that nobody should ask
		"SSL_CERT_FILE": filepath.Join(os.TempDir(), store.NewID("httptest")+".pem"), // what is trusted on Linux
	}))
}

// runIn runs the tests in an environment, which Go reads once.
func runIn(m *testing.M, environment map[string]string) int {
	for name, value := range environment {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	server := httptest.NewTLSServer(nil)
	server.Close()
	path := environment["SSL_CERT_FILE"]
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.Remove(path) }()
	return m.Run()
}

func sendAsChild(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	sender := webhooks.New(webhooks.Options{Store: s, Targets: webhooks.Any})
	jobs.Start(ctx, jobs.Options{Store: s, Queue: store.QueueWebhooks, Handle: sender.Handle, Log: zerolog.Nop(), //nolint:forbidigo // nothing sees it
		Lease: 300 * time.Millisecond, Poll: 10 * time.Millisecond})
	select {}
}

// eventIDs are n names of events.
func eventIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("e%d", i)
	}
	return ids
}

// counts says how often each event arrived.
func (r *receiver) counts() map[string]int {
	counts := map[string]int{}
	for _, p := range r.got() {
		counts[p.header.Get("webhook-id")]++
	}
	return counts
}

func TestKilledProcessesLoseNothing(t *testing.T) {
	arrived := make(chan struct{}, 10_000)
	r := receive(t, func(http.ResponseWriter, *http.Request) { arrived <- struct{}{} })
	path := filepath.Join(t.TempDir(), "a.db")
	f := open(t, path)
	f.clock.set(time.Now()) // the children's
	w := f.hook(t, r.URL)
	ids := eventIDs(200)
	f.publish(t, ids...)

	const kills = 3
	for range kills {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childEnv+"="+path)
		child.Stderr = os.Stderr
		require.NoError(t, child.Start())
		for range 1 + rand.IntN(50) {
			<-arrived
		}
		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())
	}
	all := f.send(t, webhooks.Options{Targets: webhooks.Any}).settle(t, w.ID)
	require.Len(t, all, len(ids))
	for _, d := range all {
		assert.Equal(t, attrove.DeliverySucceeded, d.Status, d.Error)
	}
	again := 0
	counts := r.counts()
	for _, id := range ids {
		assert.Positive(t, counts[id], id)
		again += counts[id] - 1
	}
	assert.LessOrEqual(t, again, kills*16, "no more twice than was under way")
}

func TestTwoProcessesSendOnce(t *testing.T) {
	r := receive(t, nil)
	path := filepath.Join(t.TempDir(), "a.db")
	mine := open(t, path)
	w := mine.hook(t, r.URL)
	mine = mine.send(t, webhooks.Options{Targets: webhooks.Any})
	theirs := open(t, path).send(t, webhooks.Options{Targets: webhooks.Any})
	ids := eventIDs(160)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() { mine.publish(t, ids[20*i:20*i+20]...) })
	}
	group.Wait()
	assert.Len(t, theirs.settle(t, w.ID), len(ids))
	counts := r.counts()
	for _, id := range ids {
		assert.Equal(t, 1, counts[id], id)
	}
}

func TestRestartGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	begun, release := make(chan struct{}, 100), make(chan struct{})
	r := receive(t, func(_ http.ResponseWriter, req *http.Request) {
		begun <- struct{}{}
		select {
		case <-release:
		case <-req.Context().Done():
		}
	})
	s, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	var log strings.Builder
	first := fixture{Store: s, clock: &clock{at: start}}.send(t, webhooks.Options{Targets: webhooks.Any}, &log)
	w := first.hook(t, r.URL)
	ids := eventIDs(40) // more than are sent at once
	first.publish(t, ids...)
	<-begun
	first.worker.Stop() // in the middle of requests
	require.NoError(t, s.Close())
	assert.Empty(t, log.String())

	close(release)
	all := open(t, path).send(t, webhooks.Options{Targets: webhooks.Any}).settle(t, w.ID)
	require.Len(t, all, len(ids), "what was interrupted is no failure")
	for _, d := range all {
		assert.Equal(t, attrove.DeliverySucceeded, d.Status)
	}
	assert.Len(t, r.counts(), len(ids))
}
