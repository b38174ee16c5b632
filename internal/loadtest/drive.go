package loadtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Target is something that answers calls.
type Target struct {
	Name    string
	Method  string
	URL     string
	Header  http.Header
	Body    string
	Answers string   // stands in every right answer
	Server  *Process // whose time counts
}

// Sample is what some calls of one target came to.
type Sample struct {
	Calls   int
	Elapsed time.Duration
	CPU     time.Duration // of the server's process, all its threads
	P50     time.Duration
	P99     time.Duration
}

// PerSecond is the rate of calls.
func (s Sample) PerSecond() float64 { return float64(s.Calls) / s.Elapsed.Seconds() }

// PerThousand is the server's time for 1,000 calls, in CPU-seconds.
func (s Sample) PerThousand() float64 { return s.CPU.Seconds() * 1000 / float64(s.Calls) }

// newClient keeps a connection open for each of so many callers.
func newClient(callers int) *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		MaxIdleConns: callers, MaxIdleConnsPerHost: callers, DisableCompression: true}}
}

// Drive has callers make calls of t, each one after the other. An answer other
// than the right one is an error: refusals are cheap.
func Drive(ctx context.Context, t Target, callers, calls int) (Sample, error) {
	client := newClient(callers)
	defer client.CloseIdleConnections()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	latencies := make([]time.Duration, calls)
	var next atomic.Int64
	var running sync.WaitGroup
	before, err := t.Server.CPU()
	if err != nil {
		return Sample{}, err
	}
	start := time.Now()
	for caller := range callers {
		header := t.headerOf(caller)
		running.Go(func() {
			for i := next.Add(1) - 1; i < int64(calls) && ctx.Err() == nil; i = next.Add(1) - 1 {
				begun := time.Now()
				if err := t.call(ctx, client, header); err != nil {
					stop(err)
				}
				latencies[i] = time.Since(begun)
			}
		})
	}
	running.Wait()
	s := Sample{Calls: calls, Elapsed: time.Since(start)}
	if err := context.Cause(ctx); err != nil {
		return Sample{}, err
	}
	after, err := t.Server.CPU()
	if err != nil {
		return Sample{}, err
	}
	s.CPU = after - before
	slices.Sort(latencies)
	s.P50, s.P99 = latencies[calls/2], latencies[calls*99/100]
	return s, nil
}

const userHeader = "Attrove-User-Id"

// headerOf is the header of one caller, who is another user than the others
// unless the target says whom.
func (t Target) headerOf(caller int) http.Header {
	h := t.Header.Clone()
	if h.Get(userHeader) == "" {
		h.Set("Authorization", fmt.Sprintf("Bearer sk_loadtest_%d", caller))
		h.Set(userHeader, fmt.Sprintf("usr_%d", caller))
	}
	return h
}

func (t Target) call(ctx context.Context, client *http.Client, header http.Header) error {
	req, err := http.NewRequestWithContext(ctx, t.Method, t.URL, bytes.NewReader([]byte(t.Body)))
	if err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	req.Header = header
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	defer resp.Body.Close() //nolint:errcheck // it is read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	if resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(t.Answers)) {
		return fmt.Errorf("%s: answered %d: %.300s", t.Name, resp.StatusCode, body)
	}
	return nil
}
