// Package oauthtest is an OAuth issuer on loopback, for tests.
package oauthtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"
)

// Issuer makes tokens and publishes the keys to verify them with.
type Issuer struct {
	tb     testing.TB
	server *httptest.Server

	mu    sync.Mutex
	keys  []Key
	down  bool
	place string // of the metadata
	asked map[string]int
}

// Key is what a token is signed with.
type Key struct {
	ID        string
	Algorithm jose.SignatureAlgorithm
	Private   crypto.Signer
}

// Where an issuer's metadata can be.
const (
	OpenID = "/.well-known/openid-configuration"       // OpenID Connect Discovery 1.0, section 4
	OAuth  = "/.well-known/oauth-authorization-server" // RFC 8414, section 3
)

// New starts an issuer with one key for ES256, which ends with the test.
func New(tb testing.TB) *Issuer {
	tb.Helper()
	i := &Issuer{tb: tb, place: OpenID, asked: map[string]int{}, keys: []Key{EC(tb, "ec-1")}}
	i.server = httptest.NewServer(i)
	tb.Cleanup(i.server.Close)
	return i
}

// RSA makes a key for RS256.
func RSA(tb testing.TB, id string) Key {
	tb.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(tb, err)
	return Key{ID: id, Algorithm: jose.RS256, Private: private}
}

// EC makes a key for ES256.
func EC(tb testing.TB, id string) Key {
	tb.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(tb, err)
	return Key{ID: id, Algorithm: jose.ES256, Private: private}
}

// URL is the issuer's, as its tokens have it.
func (i *Issuer) URL() string { return i.server.URL }

// Key is the one that tokens are signed with.
func (i *Issuer) Key() Key {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys[len(i.keys)-1]
}

// Rotate has the issuer sign with another key, and publish that alone.
func (i *Issuer) Rotate(to Key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = []Key{to}
}

// Down has the issuer answer nothing but errors, or what it should.
func (i *Issuer) Down(down bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.down = down
}

// At moves the issuer's metadata.
func (i *Issuer) At(place string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.place = place
}

// Asked is how often the issuer was asked for its keys, and for its metadata.
func (i *Issuer) Asked() (keys, metadata int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked["/keys"], i.asked[i.place]
}

// ServeHTTP implements http.Handler.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked[r.URL.Path]++
	w.Header().Set("Content-Type", "application/json")
	switch {
	case i.down:
		w.WriteHeader(http.StatusBadGateway)
	case r.URL.Path == i.place:
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.server.URL, "jwks_uri": i.server.URL + "/keys"})
	case r.URL.Path == "/keys":
		var set jose.JSONWebKeySet
		for _, key := range i.keys {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Private.Public(), KeyID: key.ID, Algorithm: string(key.Algorithm), Use: "sig"})
		}
		_ = json.NewEncoder(w).Encode(set)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// Claims are those of a token that is good for an hour from now.
func (i *Issuer) Claims(audience, subject, scope string, now time.Time) map[string]any {
	return map[string]any{"iss": i.URL(), "aud": audience, "sub": subject, "scope": scope,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
}

// Token is a token that is good for an hour from now.
func (i *Issuer) Token(audience, subject, scope string, now time.Time) string {
	i.tb.Helper()
	return Sign(i.tb, i.Key(), i.Claims(audience, subject, scope, now))
}

// Sign makes a token.
func Sign(tb testing.TB, key Key, claims map[string]any) string {
	tb.Helper()
	return SignWith(tb, jose.SigningKey{Algorithm: key.Algorithm, Key: jose.JSONWebKey{Key: key.Private, KeyID: key.ID}}, claims)
}

// SignWith makes a token with whatever key.
func SignWith(tb testing.TB, key jose.SigningKey, claims map[string]any) string {
	tb.Helper()
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("at+jwt"))
	require.NoError(tb, err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	require.NoError(tb, err)
	return token
}
