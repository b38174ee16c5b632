package loadtest

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"golang.org/x/sync/errgroup"
)

// opening is how many streams are opened, and how many webhooks sent, at a time.
const opening = 32

// Streams are open streams of one product, on each of which a user listens for
// changes of their goals.
type Streams struct {
	Product  *Process
	endpoint *url.URL
	upstream string
	users    int
	hook     *standardwebhooks.Webhook
	conns    []net.Conn
	without  int64      // the product's memory before there were any
	heard    chan error // one of each stream and change
}

// OpenStreams starts a product and opens so many streams, spread over so many
// users. Close ends all of it.
func OpenStreams(ctx context.Context, s Setting, users, streams int) (_ *Streams, err error) {
	upstream, err := Start(ctx, []string{listening}, nil, s.Helper, "upstream")
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, upstream.Stop)
	secret := []byte(rand.Text() + rand.Text())
	all := &Streams{upstream: upstream.Said(listening), users: users, heard: make(chan error, streams)}
	if all.hook, err = standardwebhooks.NewWebhookRaw(secret); err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	env := append(s.Env, "ATTROVE_BASE_URL="+all.upstream, "ATTROVE_MCP_WEBHOOK_SECRET=whsec_"+base64.StdEncoding.EncodeToString(secret))
	const endpoint = "MCP endpoint"
	all.Product, err = Start(ctx, []string{endpoint}, env, s.Product, "http", "--listen=127.0.0.1:0", "--poll-interval=1h",
		"--max-streams=0", "--max-streams-per-caller=0", "--caller-rate=0")
	if err != nil {
		return nil, err
	}
	if all.endpoint, err = url.Parse(all.Product.Said(endpoint)); err != nil {
		return nil, fmt.Errorf("the endpoint: %w", err)
	}
	if all.without, err = all.Product.Memory(); err != nil {
		return nil, err
	}
	var group errgroup.Group
	var mu sync.Mutex
	group.SetLimit(opening)
	for i := range streams {
		group.Go(func() error {
			conn, events, err := all.open(ctx, i%users)
			if err != nil {
				return fmt.Errorf("stream %d: %w", i, err)
			}
			mu.Lock()
			all.conns = append(all.conns, conn)
			mu.Unlock()
			go all.hear(events)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		all.Close()
		return nil, err
	}
	return all, nil
}

// open opens a stream for a user, up to its acknowledgment.
func (s *Streams) open(ctx context.Context, user int) (net.Conn, *bufio.Reader, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.endpoint.Host)
	if err != nil {
		return nil, nil, fmt.Errorf("dial: %w", err)
	}
	t := request(true, "subscriptions/listen", "", `"notifications":{"resourceSubscriptions":["attrove://goals"]}`)
	t.URL = s.endpoint.String()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, strings.NewReader(t.Body))
	if err != nil {
		return conn, nil, fmt.Errorf("ask: %w", err)
	}
	req.Header = t.headerOf(user)
	if err := req.Write(conn); err != nil {
		return conn, nil, fmt.Errorf("ask: %w", err)
	}
	events := bufio.NewReaderSize(conn, 1<<10)
	return conn, events, await(events, "notifications/subscriptions/acknowledged")
}

// hear tells of each change.
func (s *Streams) hear(events *bufio.Reader) {
	for {
		err := await(events, "notifications/resources/updated")
		s.heard <- err
		if err != nil {
			return
		}
	}
}

// await reads up to a line that holds a method.
func await(events *bufio.Reader, method string) error {
	for {
		line, err := events.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return fmt.Errorf("read: %w", err)
		case strings.HasPrefix(string(line), "HTTP/1.1 ") && !strings.HasPrefix(string(line), "HTTP/1.1 200"):
			return fmt.Errorf("answered %s", line)
		case strings.Contains(string(line), method):
			return nil
		}
	}
}

// Nudge has something change for every user, tells the product by a webhook each,
// and returns how long it took until each stream was told.
func (s *Streams) Nudge(ctx context.Context) (time.Duration, error) {
	client := newClient(opening)
	defer client.CloseIdleConnections()
	if err := s.post(ctx, client, s.upstream+changePath, http.Header{}, ""); err != nil {
		return 0, err
	}
	start := time.Now()
	var group errgroup.Group
	group.SetLimit(opening)
	for i := range s.users {
		group.Go(func() error {
			body := fmt.Sprintf(`{"type":"goal.updated","data":{"user_id":"usr_%d"}}`, i)
			id, now := rand.Text(), time.Now()
			signature, err := s.hook.Sign(id, now, []byte(body))
			if err != nil {
				return fmt.Errorf("sign: %w", err)
			}
			header := http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {id}, "Webhook-Signature": {signature},
				"Webhook-Timestamp": {strconv.FormatInt(now.Unix(), 10)}}
			return s.post(ctx, client, s.endpoint.ResolveReference(&url.URL{Path: "/webhooks/attrove"}).String(), header, body)
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	for range s.conns {
		select {
		case err := <-s.heard:
			if err != nil {
				return 0, err
			}
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
	return time.Since(start), nil
}

func (s *Streams) post(ctx context.Context, client *http.Client, target string, header http.Header, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	req.Header = header
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // it is read to its end
	if said, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusNoContent {
		return fmt.Errorf("tell: answered %d: %s", resp.StatusCode, said)
	}
	return nil
}

// Each is the memory that each stream takes, in bytes, garbage included.
func (s *Streams) Each() (int64, error) {
	memory, err := s.Product.Memory()
	return (memory - s.without) / int64(len(s.conns)), err
}

// Close ends the streams and the product.
func (s *Streams) Close() {
	for _, conn := range s.conns {
		_ = conn.Close() // nothing is to be written
	}
	s.Product.Stop()
}
