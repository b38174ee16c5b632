package oauth_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/oauth"
	"github.com/attrove/attrove-mcp/internal/oauth/oauthtest"
)

const audience = "https://mcp.example.com/mcp"

// clock is one that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func starting() *clock { return &clock{at: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)} }

func verifier(i *oauthtest.Issuer, c *clock) *oauth.Verifier {
	return oauth.New(oauth.Options{Issuer: i.URL(), Audience: audience, Now: c.now})
}

// changed is claims with others in their place; nil removes one.
func changed(claims, others map[string]any) map[string]any {
	all := maps.Clone(claims)
	for name, value := range others {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	return all
}

func TestTokensThatAreGood(t *testing.T) {
	issuer, c := oauthtest.New(t), starting()
	v := verifier(issuer, c)
	good := issuer.Claims(audience, "ann", "attrove:read attrove:write", c.now())
	for name, others := range map[string]map[string]any{
		"as it is":              {},
		"for several audiences": {"aud": []string{"https://other.example", audience}},
		"with scp as text":      {"scope": nil, "scp": "attrove:read attrove:write"},
		"with scp as a list":    {"scope": nil, "scp": []string{"attrove:read", "attrove:write"}},
		"with both":             {"scope": "attrove:read", "scp": []string{"attrove:write"}},
		"valid just now":        {"nbf": c.now().Unix()},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := v.Verify(t.Context(), oauthtest.Sign(t, issuer.Key(), changed(good, others)))
			require.NoError(t, err)
			assert.Equal(t, "ann", got.Subject)
			assert.Equal(t, []string{"attrove:read", "attrove:write"}, got.Scopes)
			assert.WithinDuration(t, c.now().Add(time.Hour), got.Expiry, 0)
			assert.True(t, got.Has("attrove:write"))
			assert.True(t, got.Has(""))
			assert.False(t, got.Has("attrove"))
		})
	}
}

func TestTokensThatAreNot(t *testing.T) {
	issuer, stranger, c := oauthtest.New(t), oauthtest.New(t), starting()
	v := verifier(issuer, c)
	good := issuer.Claims(audience, "ann", "attrove:read", c.now())
	public, err := x509.MarshalPKIXPublicKey(issuer.Key().Private.Public())
	require.NoError(t, err)
	pemmed := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	signed := func(others map[string]any) string { return oauthtest.Sign(t, issuer.Key(), changed(good, others)) }
	borrowed := stranger.Key()
	borrowed.ID = issuer.Key().ID
	const refused, expired = "not one that", "the token has expired"
	for _, one := range []struct{ name, token, says string }{
		{"another audience", signed(map[string]any{"aud": "https://other.example/mcp"}), refused},
		{"an audience that begins well", signed(map[string]any{"aud": audience + "/more"}), refused},
		{"no audience", signed(map[string]any{"aud": nil}), refused},
		{"another issuer in name", signed(map[string]any{"iss": stranger.URL()}), refused},
		{"an issuer with a slash more", signed(map[string]any{"iss": issuer.URL() + "/"}), refused},
		{"no issuer", signed(map[string]any{"iss": nil}), refused},
		{"expired", signed(map[string]any{"exp": c.now().Add(-time.Second).Unix()}), expired},
		{"without an end", signed(map[string]any{"exp": nil}), expired},
		{"not valid yet", signed(map[string]any{"nbf": c.now().Add(time.Hour).Unix()}), refused},
		{"no subject", signed(map[string]any{"sub": nil}), refused},
		{"a scope that is none", signed(map[string]any{"scope": map[string]any{}}), "scope"},
		{"another issuer's, of another key", stranger.Token(audience, "ann", "attrove:read", c.now()), refused},
		{"another key under the same id", oauthtest.Sign(t, borrowed, good), refused},
		{"alg none", unsigned(t, good), refused},
		{"HS256 with the public key", oauthtest.SignWith(t, jose.SigningKey{Algorithm: jose.HS256,
			Key: jose.JSONWebKey{Key: pemmed, KeyID: issuer.Key().ID}}, good), refused},
		{"HS256 with the public key's bytes", oauthtest.SignWith(t, jose.SigningKey{Algorithm: jose.HS256,
			Key: jose.JSONWebKey{Key: public, KeyID: issuer.Key().ID}}, good), refused},
		{"changed since", tampered(t, signed(nil)), refused},
		{"no token", "sk_a_key_of_attrove", refused},
		{"nothing", "", refused},
		{"an encrypted one", "a.b.c.d.e", refused},
	} {
		t.Run(one.name, func(t *testing.T) {
			_, err := v.Verify(t.Context(), one.token)
			var invalid *oauth.InvalidError
			require.ErrorAs(t, err, &invalid)
			assert.Contains(t, invalid.Reason, one.says)
			assert.NotContains(t, invalid.Reason, "ann")
		})
	}
	_, err = v.Verify(t.Context(), signed(nil))
	require.NoError(t, err, "which all of them were, but for one thing")
}

// unsigned is a token with alg none (RFC 7519, section 6).
func unsigned(t *testing.T, claims map[string]any) string {
	t.Helper()
	body, err := json.Marshal(claims)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + base64.RawURLEncoding.EncodeToString(body) + "."
}

// tampered names another subject in a token.
func tampered(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(body), `"ann"`, `"bob"`, 1)))
	return strings.Join(parts, ".")
}

func TestNothingIsAskedBeforeAToken(t *testing.T) {
	issuer, c := oauthtest.New(t), starting()
	v := verifier(issuer, c)
	keys, metadata := issuer.Asked()
	assert.Zero(t, keys+metadata)
	for range 5 {
		_, err := v.Verify(t.Context(), issuer.Token(audience, "ann", "", c.now()))
		require.NoError(t, err)
	}
	keys, metadata = issuer.Asked()
	assert.Equal(t, 1, keys)
	assert.Equal(t, 1, metadata)
}

func TestKeysRotate(t *testing.T) {
	issuer, c := oauthtest.New(t), starting()
	v := verifier(issuer, c)
	old := issuer.Token(audience, "ann", "", c.now())
	_, err := v.Verify(t.Context(), old)
	require.NoError(t, err)
	c.pass(time.Minute)
	issuer.Rotate(oauthtest.RSA(t, "rsa-2"))
	soon(t, func() bool { // another key, of another kind
		_, err := v.Verify(t.Context(), issuer.Token(audience, "ann", "", c.now()))
		return err == nil
	})
	_, err = v.Verify(t.Context(), old)
	var invalid *oauth.InvalidError
	require.ErrorAs(t, err, &invalid, "of a key that was withdrawn")
}

// TestAGoodTokenIsGoodForAWhile: it is not verified anew with each request, and
// neither outlives its end nor, for long, its key.
func TestAGoodTokenIsGoodForAWhile(t *testing.T) {
	issuer, c := oauthtest.New(t), starting()
	v := verifier(issuer, c)
	claims := issuer.Claims(audience, "ann", "", c.now())
	long := oauthtest.Sign(t, issuer.Key(), claims)
	claims["exp"] = c.now().Add(30 * time.Second).Unix()
	short := oauthtest.Sign(t, issuer.Key(), claims)
	var invalid *oauth.InvalidError
	for range 2 {
		for _, token := range []string{long, short} {
			_, err := v.Verify(t.Context(), token)
			require.NoError(t, err)
			_, err = v.Verify(t.Context(), tampered(t, token))
			require.ErrorAs(t, err, &invalid)
		}
	}
	issuer.Rotate(oauthtest.EC(t, "other"))
	c.pass(31 * time.Second)
	fresh := oauthtest.Sign(t, issuer.Key(), issuer.Claims(audience, "bob", "", c.now()))
	soon(t, func() bool { // which has the keys read again
		_, err := v.Verify(t.Context(), fresh)
		return err == nil
	})
	_, err := v.Verify(t.Context(), long)
	require.NoError(t, err)
	_, err = v.Verify(t.Context(), short)
	require.ErrorAs(t, err, &invalid)
	c.pass(time.Minute)
	_, err = v.Verify(t.Context(), long)
	require.ErrorAs(t, err, &invalid)
}

// TestUnknownKeysAreCheap: anybody can make up key ids, and the issuer must not
// be asked for each.
func TestUnknownKeysAreCheap(t *testing.T) {
	issuer, c := oauthtest.New(t), starting()
	v := verifier(issuer, c)
	made := oauthtest.EC(t, "made-up")
	token := oauthtest.Sign(t, made, issuer.Claims(audience, "ann", "", c.now()))
	for range 50 {
		_, err := v.Verify(t.Context(), token)
		require.Error(t, err)
	}
	keys, _ := issuer.Asked()
	assert.Equal(t, 1, keys)
	c.pass(oauth.RetryAfter)
	soon(t, func() bool {
		_, err := v.Verify(t.Context(), token)
		keys, _ := issuer.Asked()
		return err != nil && keys == 2
	})
}

// soon waits until something holds: go-oidc lets go of an answer a moment after it
// has given it.
func soon(t *testing.T, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, time.Minute, time.Millisecond)
}

// TestTheIssuerIsDown: nothing is said of a token that cannot be verified, and
// once the issuer is back, so are the callers.
func TestTheIssuerIsDown(t *testing.T) {
	issuer, c := oauthtest.New(t), starting()
	v := verifier(issuer, c)
	token := issuer.Token(audience, "ann", "", c.now())
	issuer.Down(true)
	for range 10 {
		_, err := v.Verify(t.Context(), token)
		require.ErrorIs(t, err, oauth.ErrUnavailable)
	}
	_, metadata := issuer.Asked()
	assert.Equal(t, 1, metadata, "it is left alone for a while")
	issuer.Down(false)
	c.pass(oauth.RetryAfter)
	_, err := v.Verify(t.Context(), token)
	require.NoError(t, err)

	issuer.Down(true)
	c.pass(oauth.RetryAfter)
	_, err = v.Verify(t.Context(), token)
	require.NoError(t, err, "its keys are known")
	fresh := oauthtest.Sign(t, oauthtest.EC(t, "new"), issuer.Claims(audience, "ann", "", c.now()))
	soon(t, func() bool { // it may be a key that is new
		_, err := v.Verify(t.Context(), fresh)
		return errors.Is(err, oauth.ErrUnavailable)
	})
}

// TestOneWaitsNoLongerThanItMust: a caller who gives up is not held by the others.
func TestOneWaitsNoLongerThanItMust(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-release
	}))
	defer slow.Close()
	defer close(release)
	v := oauth.New(oauth.Options{Issuer: slow.URL, Audience: audience})
	ctx, leave := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := v.Verify(ctx, "x")
		failed <- err
	}()
	<-asked
	leave()
	require.ErrorIs(t, <-failed, oauth.ErrUnavailable)
}

func TestMetadataOfIssuers(t *testing.T) {
	c := starting()
	for _, place := range []string{oauthtest.OpenID, oauthtest.OAuth} {
		issuer := oauthtest.New(t)
		issuer.At(place)
		_, err := verifier(issuer, c).Verify(t.Context(), issuer.Token(audience, "ann", "", c.now()))
		require.NoError(t, err, place)
	}
	issuer := oauthtest.New(t)
	issuer.At("/elsewhere")
	_, err := verifier(issuer, c).Verify(t.Context(), issuer.Token(audience, "ann", "", c.now()))
	require.ErrorIs(t, err, oauth.ErrUnavailable)
	require.ErrorContains(t, err, "404")

	good := oauthtest.New(t)
	for name, body := range map[string]string{
		"of another issuer": `{"issuer":"https://other.example","jwks_uri":"GOOD/keys"}`,
		"without keys":      `{"issuer":"ISSUER"}`,
		"no JSON":           `<html>`,
		"keys are no JSON":  `{"issuer":"ISSUER","jwks_uri":"ISSUER/keys"}`,
		"endless":           strings.Repeat(" ", 2<<20),
	} {
		t.Run(name, func(t *testing.T) {
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/keys") {
					_, _ = w.Write([]byte(`<html>`))
					return
				}
				_, _ = w.Write([]byte(strings.NewReplacer("ISSUER", server.URL, "GOOD", good.URL()).Replace(body)))
			}))
			defer server.Close()
			v := oauth.New(oauth.Options{Issuer: server.URL, Audience: audience})
			token := oauthtest.Sign(t, good.Key(), changed(good.Claims(audience, "ann", "", time.Now()), map[string]any{"iss": server.URL}))
			_, err := v.Verify(t.Context(), token)
			require.ErrorIs(t, err, oauth.ErrUnavailable)
		})
	}
}
