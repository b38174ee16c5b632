// Package oauth makes this server an OAuth resource server: it verifies the
// access tokens that an issuer made for it, and knows which Attrove user the
// subject of a token is. A token itself goes no further.
package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// Options say whose tokens are taken, and for what.
type Options struct {
	Issuer   string            // its URL, as tokens have it in iss
	Audience string            // what tokens for this server have in aud
	Client   http.RoundTripper // to the issuer; nil is http.DefaultTransport
	Now      func() time.Time  // nil is time.Now
}

// Verifier verifies tokens. It is safe for concurrent use.
type Verifier struct {
	issuer, audience string
	client           *http.Client
	now              func() time.Time

	good    *lru.Cache[[sha256.Size]byte, verified] // by the hash of the token
	ready   atomic.Pointer[oidc.IDTokenVerifier]    // nil until the issuer has told where its keys are
	getting singleflight.Group
}

// New returns a verifier, which asks the issuer for nothing until the first token
// comes.
func New(o Options) *Verifier {
	if o.Client == nil {
		o.Client = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	client := &http.Client{Transport: &sparing{base: o.Client, now: o.Now}, Timeout: issuerTimeout}
	good, _ := lru.New[[sha256.Size]byte, verified](verifiedMost) // only a size below 1 is an error
	return &Verifier{issuer: o.Issuer, audience: o.Audience, client: client, now: o.Now, good: good}
}

// Issuer is whose tokens are taken.
func (v *Verifier) Issuer() string { return v.issuer }

// Token is what a verified token says.
type Token struct {
	Subject string
	Scopes  []string
	Expiry  time.Time
}

// Has reports whether the token has a scope; "" is one that every token has.
func (t Token) Has(scope string) bool { return scope == "" || slices.Contains(t.Scopes, scope) }

// InvalidError is an error of a token, and not of this server or the issuer.
type InvalidError struct{ Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return e.Reason }

// ErrUnavailable says that the issuer's keys cannot be had, so that nothing is
// known about a token.
var ErrUnavailable = errors.New("the issuer of tokens cannot be reached")

// RetryAfter is how long it takes until the issuer is asked again.
const RetryAfter = issuerPause

// algorithms are the signatures that are taken. None of them can be made with
// what the issuer publishes (RFC 8725, section 3.1).
func algorithms() []string {
	return []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}
}

// A client sends the same token with each request, and verifying it takes longer
// than all else about most of them.
const (
	verifiedMost = 4096        // tokens
	verifiedTime = time.Minute // in which a key that is withdrawn still counts
)

// verified is a token that was good, and is until then.
type verified struct {
	Token
	until time.Time
}

// Verify returns what a token says: its signature, issuer, audience and times are
// right. Errors are *InvalidError, or wrap ErrUnavailable. A key that the issuer
// has withdrawn counts for a minute at most where its token was verified before.
func (v *Verifier) Verify(ctx context.Context, token string) (Token, error) {
	hash := sha256.Sum256([]byte(token))
	now := v.now()
	if known, ok := v.good.Get(hash); ok && now.Before(known.until) {
		return known.Token, nil
	}
	got, err := v.verify(ctx, token)
	if err != nil {
		return Token{}, err
	}
	one := verified{Token: got, until: now.Add(verifiedTime)}
	if got.Expiry.Before(one.until) {
		one.until = got.Expiry
	}
	v.good.Add(hash, one)
	return got, nil
}

func (v *Verifier) verify(ctx context.Context, token string) (Token, error) {
	verifier, err := v.verifier(ctx)
	if err != nil {
		return Token{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	var keys error
	got, err := verifier.Verify(context.WithValue(ctx, keysKey{}, &keys), token)
	var expired *oidc.TokenExpiredError
	switch {
	case keys != nil:
		return Token{}, fmt.Errorf("%w: %w", ErrUnavailable, keys)
	case errors.As(err, &expired):
		return Token{}, &InvalidError{Reason: "the token has expired"}
	case err != nil, got.Subject == "":
		return Token{}, &InvalidError{Reason: fmt.Sprintf("the token is not one that %s made for %s, or not valid yet", v.issuer, v.audience)}
	}
	var said struct {
		Scope scopes `json:"scope"` // RFC 9068, section 2.2.3
		Scp   scopes `json:"scp"`   // what Entra ID and Okta call it
	}
	if err := got.Claims(&said); err != nil {
		return Token{}, &InvalidError{Reason: "the token's scope is neither text nor a list"}
	}
	return Token{Subject: got.Subject, Scopes: append(said.Scope, said.Scp...), Expiry: got.Expiry}, nil
}

// verifier has the issuer's metadata read once.
func (v *Verifier) verifier(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	if ready := v.ready.Load(); ready != nil {
		return ready, nil
	}
	own := context.WithoutCancel(ctx) // others wait for it, too
	got := v.getting.DoChan("", func() (any, error) {
		at, err := discover(own, v.client, v.issuer)
		if err != nil {
			return nil, err
		}
		keys := keySet{oidc.NewRemoteKeySet(oidc.ClientContext(own, v.client), at)}
		v.ready.Store(oidc.NewVerifier(v.issuer, keys, &oidc.Config{ClientID: v.audience, SupportedSigningAlgs: algorithms(), Now: v.now}))
		return nil, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case done := <-got:
		return v.ready.Load(), done.Err
	}
}

type keysKey struct{}

// keySet is the issuer's keys. A verifier's error does not say whether they could
// be had, so they say it themselves.
type keySet struct{ remote *oidc.RemoteKeySet }

// VerifySignature implements oidc.KeySet.
func (k keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.remote.VerifySignature(ctx, token)
	if cause := errors.Unwrap(err); cause != nil { // a wrong signature has none
		if keys, ok := ctx.Value(keysKey{}).(*error); ok {
			*keys = cause
		}
	}
	return payload, err
}

// scopes is a list that is written in either way.
type scopes []string

// UnmarshalJSON implements json.Unmarshaler.
func (s *scopes) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*s = strings.Fields(text)
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(s))
}
