package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	issuerTimeout = 5 * time.Second
	// issuerPause is how long an answer of the issuer stands, a failure too. Each
	// token with an unknown key id has the keys read again, and anybody can make one.
	issuerPause    = 5 * time.Second
	maxIssuerReply = 1 << 20
)

// discover returns where an issuer's keys are.
func discover(ctx context.Context, client *http.Client, issuer string) (jwksURL string, err error) {
	places, err := wellKnown(issuer)
	if err != nil {
		return "", err
	}
	var failures []error
	for _, place := range places {
		at, err := metadata(ctx, client, place, issuer)
		if err == nil {
			return at, nil
		}
		failures = append(failures, err)
		if unreached := (*url.Error)(nil); errors.As(err, &unreached) {
			break // the other places are no nearer
		}
	}
	return "", errors.Join(failures...)
}

// wellKnown lists where an issuer's metadata can be: OpenID Connect Discovery 1.0,
// section 4, and RFC 8414, sections 3.1 and 5, which clients of MCP look at, too.
func wellKnown(issuer string) ([]string, error) {
	u, err := url.Parse(issuer)
	if err != nil {
		return nil, err
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	origin := u.Scheme + "://" + u.Host
	places := []string{origin + path + "/.well-known/openid-configuration", origin + "/.well-known/oauth-authorization-server" + path}
	if path != "" {
		places = append(places, origin+"/.well-known/openid-configuration"+path)
	}
	return places, nil
}

// metadata reads one document. It must be the issuer's own (RFC 8414, section 3.3).
func metadata(ctx context.Context, client *http.Client, place, issuer string) (jwksURL string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, place, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", place, resp.Status)
	}
	var said struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		return "", fmt.Errorf("%s: %w", place, err)
	}
	switch {
	case said.Issuer != issuer:
		return "", fmt.Errorf("%s: is of another issuer, %q", place, said.Issuer)
	case said.JWKS == "":
		return "", fmt.Errorf("%s: has no jwks_uri", place)
	}
	return said.JWKS, nil
}

// sparing asks for the same thing once in a while at most, however often it is
// asked, and gives the answer that it got last.
type sparing struct {
	base http.RoundTripper
	now  func() time.Time

	mu   sync.Mutex
	last map[string]reply // by URL, of which an issuer has few
}

type reply struct {
	at     time.Time
	status string
	code   int
	header http.Header
	body   []byte
	err    error
}

// RoundTrip implements http.RoundTripper.
func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	url := r.URL.String()
	got, ok := s.last[url]
	if !ok || s.now().Sub(got.at) >= issuerPause {
		got = s.ask(r)
		if s.last == nil {
			s.last = map[string]reply{}
		}
		s.last[url] = got
	}
	if got.err != nil {
		return nil, got.err
	}
	return &http.Response{Status: got.status, StatusCode: got.code, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: got.header.Clone(), Body: io.NopCloser(bytes.NewReader(got.body)), ContentLength: int64(len(got.body)), Request: r}, nil
}

// ask asks the issuer.
func (s *sparing) ask(r *http.Request) (got reply) {
	defer func() { got.at = s.now() }()
	resp, err := s.base.RoundTrip(r)
	if err != nil {
		got.err = err
		return got
	}
	got.status, got.code, got.header = resp.Status, resp.StatusCode, resp.Header
	got.body, err = io.ReadAll(io.LimitReader(resp.Body, maxIssuerReply+1))
	got.err = errors.Join(err, resp.Body.Close())
	if got.err == nil && len(got.body) > maxIssuerReply {
		got.err = fmt.Errorf("%s: holds more than %d bytes", r.URL.Redacted(), maxIssuerReply)
	}
	return got
}
