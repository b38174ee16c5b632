package attrove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// DefaultBaseURL is the origin of Attrove's API (contract section 1).
const DefaultBaseURL = "https://api.attrove.com"

// maxReply is the most that one answer may hold, after decompression.
const maxReply = 32 << 20

// ClientOptions say which upstream a Client calls, and how. The zero value is
// Attrove's cloud without partner credentials.
type ClientOptions struct {
	BaseURL      string            // an origin; a trailing /v1 or slash is tolerated; empty is DefaultBaseURL
	Transport    http.RoundTripper // nil is one of the client's own
	ClientID     string            // of a partner
	ClientSecret Secret            // of a partner
	PartnerAuth  PartnerAuth       // how the two travel
	UserAgent    string
	Ours         bool          // the upstream is this project's engine, about which nothing is a guess
	RetryDelay   time.Duration // what the first retry waits at most; 0 is DefaultRetryDelay
	Observer     Observer      // hears of calls; nil is nobody
}

// Client calls the operations of one upstream, each call as its own caller. It
// is safe for concurrent use.
type Client struct {
	origin     string // scheme and host
	host       string // what errors name
	userAgent  string
	ours       bool
	partner    partner
	retryDelay time.Duration
	observer   Observer
	http       *http.Client
	circuit    circuitbreaker.CircuitBreaker[outcome]
	policies   failsafe.Executor[outcome]
}

// NewClient returns a client, or an error that says which option is wrong.
func NewClient(o ClientOptions) (*Client, error) {
	base, err := parseOrigin(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := o.PartnerAuth.check(); err != nil {
		return nil, err
	}
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	if o.RetryDelay <= 0 {
		o.RetryDelay = DefaultRetryDelay
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	circuit := newCircuit()
	return &Client{
		origin:     base.Scheme + "://" + base.Host,
		host:       base.Hostname(),
		userAgent:  o.UserAgent,
		ours:       o.Ours,
		partner:    partner{id: o.ClientID, secret: o.ClientSecret, auth: o.PartnerAuth},
		retryDelay: o.RetryDelay,
		observer:   o.Observer,
		http: &http.Client{
			Transport: o.Transport,
			// A redirect could carry the call, and its key, to another operation.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		circuit: circuit,
		// The circuit stands outside: it counts calls, not attempts.
		policies: failsafe.With(circuit, newRetries()),
	}, nil
}

// Ours reports whether the upstream is this project's engine and not Attrove's cloud.
func (c *Client) Ours() bool { return c.ours }

// parseOrigin accepts https anywhere and http on this machine only: a key never
// crosses a network in clear.
func parseOrigin(base string) (*url.URL, error) {
	if base == "" {
		base = DefaultBaseURL
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("base URL: not a URL; write it like " + DefaultBaseURL)
	}
	path := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/v1")
	switch {
	case u.User != nil:
		return nil, errors.New("base URL: must not hold credentials")
	case u.Hostname() == "" || strings.TrimRight(path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("base URL %q: must be an origin such as %s", base, DefaultBaseURL)
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("base URL %q: must be https; http is for this machine only", base)
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func newTransport() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   32, // there is only one host
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Do calls the operation m as who with args, a JSON object of its In type.
// Errors are *Error.
func (c *Client) Do(ctx context.Context, m Meta, who Caller, args json.RawMessage) (RawReply, error) {
	reply, failure := c.do(ctx, m, who, args)
	if failure != nil {
		failure.Operation = m.Name
		return RawReply{}, failure
	}
	return reply, nil
}

func (c *Client) do(ctx context.Context, m Meta, who Caller, args json.RawMessage) (RawReply, *Error) {
	if m.Page != "" {
		return RawReply{}, &Error{Code: CodeInvalidArgument,
			Message: "this is a page for a browser and cannot be called: open " + m.Page + m.Path}
	}
	cred, failure := c.credential(m.Auth, who)
	if failure != nil {
		return RawReply{}, failure
	}
	placed, err := Place(m, who.UserID, args)
	if err != nil {
		if errors.As(err, &failure) {
			return RawReply{}, failure
		}
		return RawReply{}, &Error{Code: CodeInvalidArgument, Message: "arguments cannot be sent", cause: err}
	}
	if deletesAll(m, placed) {
		return RawReply{}, &Error{Code: CodeInvalidArgument, Message: "this would delete a whole list: say which one"}
	}
	ctx, cancel := context.WithTimeout(ctx, m.Deadline())
	defer cancel()

	var what Called
	ctx, called := c.observer.Calling(ctx, m)
	defer func() { called(what) }()
	got, err := c.policies.WithContext(ctx).GetWithExecution(func(e failsafe.Execution[outcome]) (outcome, error) {
		what.Attempts = e.Attempts()
		return c.attempt(ctx, m, cred, placed, e.Attempts()), nil
	})
	what.Status = got.status
	reply, failure := c.reply(m, cred, args, got, err)
	if failure != nil {
		what.Code = failure.Code
	}
	return reply, failure
}

// reply is what a call came to, once nothing is tried any more.
func (c *Client) reply(m Meta, cred credential, args json.RawMessage, got outcome, err error) (RawReply, *Error) {
	if err == nil {
		err = got.err
	}
	if err != nil {
		return RawReply{}, c.unanswered(err, m.Deadline())
	}
	if got.status < 200 || got.status > 299 {
		return RawReply{}, c.refused(m, cred, args, got)
	}
	raw, failure := c.unwrap(m, got)
	return RawReply{Raw: raw, Status: got.status, Header: got.header}, failure
}

// deletesAll reports whether a DELETE names no single thing, neither in its path
// nor in its query.
func deletesAll(m Meta, placed Request) bool {
	if m.Method != http.MethodDelete || strings.HasSuffix(m.Path, "}") {
		return false
	}
	for name := range placed.Query {
		if placed.Query.Get(name) != "" {
			return false
		}
	}
	return true
}

// attempt sends the request once. What went wrong is in the outcome, so that
// the policies can judge answers and errors alike.
func (c *Client) attempt(ctx context.Context, m Meta, cred credential, placed Request, n int) outcome {
	req, err := c.request(ctx, m, cred, placed)
	if err != nil {
		return outcome{err: err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.judge(ctx, m, outcome{err: err}, n)
	}
	defer func() { _ = resp.Body.Close() }() // nothing was written; there is nothing to lose
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	return c.judge(ctx, m, outcome{status: resp.StatusCode, header: resp.Header, body: body, err: err}, n)
}

func (c *Client) request(ctx context.Context, m Meta, cred credential, placed Request) (*http.Request, error) {
	target := c.origin + placed.Path
	if len(placed.Query) > 0 {
		target += "?" + placed.Query.Encode()
	}
	var body io.Reader
	if placed.Body != nil {
		body = bytes.NewReader(placed.Body)
	}
	req, err := http.NewRequestWithContext(ctx, m.Method, target, body)
	if err != nil {
		return nil, fmt.Errorf("build request: %w", err)
	}
	req.Header.Set("Accept", "application/json") // never a stream: P-10
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	cred.apply(req.Header)
	c.observer.Sending(ctx, req.Header)
	return req, nil
}
