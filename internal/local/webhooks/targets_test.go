package webhooks_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

func TestCheck(t *testing.T) {
	for url, want := range map[string]struct{ public, any string }{
		"https://example.com/hooks?a=b":          {"", ""},
		"https://example.com:8443/":              {"", ""},
		"https://93.184.216.34/":                 {"", ""},
		"https://[2606:2800:220:1::1]/":          {"", ""},
		"http://example.com/":                    {"https://", ""},
		"ftp://example.com/":                     {"https://", "https://"},
		"example.com/hooks":                      {"must be a URL", "must be a URL"},
		"https:///hooks":                         {"must be a URL", "must be a URL"},
		"https://exa mple.com/":                  {"must be a URL", "must be a URL"},
		"https://user:pw@example.com/":           {"no user name", "no user name"},
		"https://example.com/#x":                 {"fragment", "fragment"},
		"https://localhost/":                     {"public host", ""},
		"https://api.LocalHost./":                {"public host", ""},
		"https://127.0.0.1:9000/":                {"public host", ""},
		"https://0.0.0.0/":                       {"public host", ""},
		"https://10.1.2.3/":                      {"public host", ""},
		"https://172.31.0.1/":                    {"public host", ""},
		"https://192.168.1.1/":                   {"public host", ""},
		"https://169.254.169.254/":               {"public host", ""},
		"https://100.64.0.1/":                    {"public host", ""},
		"https://224.0.0.1/":                     {"public host", ""},
		"https://255.255.255.255/":               {"public host", ""},
		"https://[::1]/":                         {"public host", ""},
		"https://[::]/":                          {"public host", ""},
		"https://[fe80::1]/":                     {"public host", ""},
		"https://[fe80::1%25eth0]/":              {"public host", ""},
		"https://[fd12:3456::1]/":                {"public host", ""},
		"https://[ff02::1]/":                     {"public host", ""},
		"https://[::ffff:127.0.0.1]/":            {"public host", ""},
		"https://[::ffff:10.0.0.1]/":             {"public host", ""},
		"https://[64:ff9b::7f00:1]/":             {"public host", ""},
		"https://[64:ff9b:1::a00:1]/":            {"public host", ""},
		"https://[2002:7f00:1::]/":               {"public host", ""},
		"https://e/" + strings.Repeat("x", 2048): {"2048", "2048"},
	} {
		for targets, says := range map[webhooks.Targets]string{webhooks.Public: want.public, webhooks.Any: want.any} {
			got := targets.Check(url)
			if says == "" {
				assert.Empty(t, got, url)
			} else {
				assert.Contains(t, got, says, url)
			}
		}
	}
}

// resolver is one that knows the addresses of some names.
func resolver(t *testing.T, names map[string]string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	go func() {
		query := make([]byte, 1<<10)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return // closed
			}
			reply, err := answerTo(query[:n], names)
			if assert.NoError(t, err) {
				_, _ = server.WriteTo(reply, from) // who asked may have gone
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// answerTo answers a DNS query with the name's address if it asks for that kind.
func answerTo(query []byte, names map[string]string) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	question := m.Questions[0]
	address, err := netip.ParseAddr(names[question.Name.String()])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", question.Name, err)
	}
	header := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class}
	switch {
	case question.Type == dnsmessage.TypeA && address.Is4():
		m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: address.As4()}}}
	case question.Type == dnsmessage.TypeAAAA && address.Is6():
		m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: address.As16()}}}
	}
	return m.Pack()
}

// port is where a receiver listens.
func port(t *testing.T, r *receiver) string {
	t.Helper()
	u, err := url.Parse(r.URL)
	require.NoError(t, err)
	return u.Port()
}

func TestNamesOfPrivateAddressesAreNotConnectedTo(t *testing.T) {
	r := receive(t, nil)
	names, hooks := map[string]string{}, map[string]store.Webhook{}
	for i, address := range []string{"127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0",
		"::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"} {
		names[fmt.Sprintf("host%d.example.com.", i)] = address
	}
	f := newFixture(t, webhooks.Options{Targets: webhooks.Public, Resolver: resolver(t, names)})
	for name := range names {
		hooks[name] = f.hook(t, "https://"+name+":"+port(t, r)+"/")
	}
	f.publish(t, "e")
	for name, address := range names {
		all := f.settle(t, hooks[name].ID)
		assert.Equal(t, "refused: the host is not at a public address", all[len(all)-1].Error, address)
	}
	assert.Empty(t, r.got())
}

// TestTargetsAreCheckedAgain has endpoints that were made while more was allowed.
func TestTargetsAreCheckedAgain(t *testing.T) {
	r := receive(t, nil)
	f := newFixture(t, webhooks.Options{Targets: webhooks.Public})
	for url, says := range map[string]string{r.URL: "must begin with https://", strings.Replace(r.URL, "http:", "https:", 1): "must be on a public host"} {
		w := f.hook(t, url)
		f.publish(t, url)
		all := f.settle(t, w.ID)
		assert.Contains(t, all[len(all)-1].Error, says)
	}
	assert.Empty(t, r.got())
}

// TestNoProxyStandsBetween runs while the environment names a proxy (see TestMain).
func TestNoProxyStandsBetween(t *testing.T) {
	r := receive(t, nil)
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any, Resolver: resolver(t, map[string]string{"hooks.example.com.": "127.0.0.1"})})
	w := f.hook(t, "http://hooks.example.com:"+port(t, r)+"/")
	f.publish(t, "e")
	assert.Equal(t, attrove.DeliverySucceeded, f.settle(t, w.ID)[0].Status)
	assert.Len(t, r.got(), 1)
}

func TestHTTPS(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux can a test say whom to trust")
	}
	for name, tc := range map[string]struct{ host, says string }{
		"good":        {"hooks.example.com", ""},
		"for another": {"hooks.example.org", "the host's certificate cannot be verified"},
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan string, 1)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { arrived <- r.Proto }))
			server.EnableHTTP2 = true
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			t.Cleanup(server.Close)
			u, err := url.Parse(server.URL)
			require.NoError(t, err)
			f := newFixture(t, webhooks.Options{Targets: webhooks.Any, Resolver: resolver(t, map[string]string{tc.host + ".": "127.0.0.1"})})
			w := f.hook(t, "https://"+tc.host+":"+u.Port())
			f.publish(t, "e")
			all := f.settle(t, w.ID)
			assert.Equal(t, tc.says, all[len(all)-1].Error)
			if tc.says == "" {
				assert.Equal(t, "HTTP/2.0", <-arrived)
			}
			assert.Empty(t, arrived)
		})
	}
}
