package local_test

import (
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
)

// offered is the link that comes with the list of integrations, or "".
func offered(t *testing.T, f fixture) string {
	t.Helper()
	reply, err := attrove.ListIntegrations.Call(t.Context(), f.client, f.me, attrove.None{})
	require.NoError(t, err)
	return reply.Header.Get(attrove.ConnectHeader)
}

func offering(t *testing.T) (site, string) {
	t.Helper()
	o := options()
	o.Path, o.ConnectPage = filepath.Join(t.TempDir(), "a.db"), local.ConnectOnLoopback
	s := site{fixture: start(t, o)}
	link := offered(t, s.fixture)
	u, err := url.Parse(link)
	require.NoError(t, err)
	require.True(t, net.ParseIP(u.Hostname()).IsLoopback(), link)
	s.origin = u.Scheme + "://" + u.Host
	return s, link
}

func TestEmptyEngineOffersThePage(t *testing.T) {
	s, link := offering(t)
	assert.Equal(t, link, offered(t, s.fixture), "while it is good there is one")
	assert.Empty(t, offered(t, newUser(t, s.fixture, attrove.CreateUserIn{Email: "other@example.com"})), "it is for who sits here")
	assert.Equal(t, 404, s.get(t, s.origin+"/v1/users/"+s.me.UserID).status, "nothing but the page is served")

	done := s.finish(t, s.send(t, s.form(t, link, "a.mbox", mbox(0, 3))))
	assert.Contains(t, done.body, "3 messages")
	assert.Contains(t, done.body, "You can close this window")
	assert.Empty(t, offered(t, s.fixture), "something is connected")
	assert.Equal(t, 410, s.get(t, link).status)
}

func TestOffersEndWithTheEngine(t *testing.T) {
	s, _ := offering(t)
	require.NoError(t, s.engine.Close())
	_, err := net.Dial("tcp", strings.TrimPrefix(s.origin, "http://"))
	assert.Error(t, err)
}

func TestNothingIsOfferedUnlessAsked(t *testing.T) {
	assert.Empty(t, offered(t, start(t, options())))
}
