package config_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
)

func TestEdge(t *testing.T) {
	here, everywhere := "127.0.0.1:8787", "0.0.0.0:8787"
	for _, c := range []struct {
		name  string
		edge  config.Edge
		wrong string
	}{
		{"on this machine", config.Edge{Listen: here}, ""},
		{"by name", config.Edge{Listen: "localhost:0"}, ""},
		{"as IPv6", config.Edge{Listen: "[::1]:0"}, ""},
		{"no port", config.Edge{Listen: "nowhere"}, "--listen nowhere: write an address and a port"},
		{"no address", config.Edge{Listen: "8787"}, "--listen 8787: write an address and a port"},
		{"a port that there is not", config.Edge{Listen: "127.0.0.1:99999"}, "--listen 127.0.0.1:99999: write"},
		{"in the clear", config.Edge{Listen: everywhere, AllowedHosts: []string{"mcp.example"}}, "--listen 0.0.0.0:8787: keys must not cross a network in the clear"},
		{"every address", config.Edge{Listen: ":8787", AllowedHosts: []string{"mcp.example"}}, "in the clear"},
		{"with TLS", config.Edge{Listen: everywhere, AllowedHosts: []string{"mcp.example"}, TLSCert: "c", TLSKey: "k"}, ""},
		{"behind a proxy", config.Edge{Listen: everywhere, AllowedHosts: []string{"mcp.example"}, BehindProxy: true}, ""},
		{"for nobody", config.Edge{Listen: everywhere, BehindProxy: true}, "--allowed-hosts"},
		{"half of TLS", config.Edge{Listen: here, TLSCert: "c"}, "--tls-cert and --tls-key"},
		{"the other half", config.Edge{Listen: here, TLSKey: "k"}, "--tls-cert and --tls-key"},
		{"proxies without saying so", config.Edge{Listen: here, TrustedProxies: make([]config.Network, 1)}, "--behind-proxy"},
		{"a host with its scheme", config.Edge{Listen: here, AllowedHosts: []string{"https://mcp.example"}}, "--allowed-hosts https://mcp.example"},
		{"any host", config.Edge{Listen: here, AllowedHosts: []string{"*"}}, "--allowed-hosts *"},
		{"an origin", config.Edge{Listen: here, AllowedOrigins: []string{"https://app.example:8443"}}, ""},
		{"an origin with a path", config.Edge{Listen: here, AllowedOrigins: []string{"https://app.example/"}}, "--allowed-origins https://app.example/"},
		{"any origin", config.Edge{Listen: here, AllowedOrigins: []string{"https://*.example"}}, "--allowed-origins"},
		{"fewer than none", config.Edge{Listen: here, MaxConnections: -1}, "--max-connections -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.wrong == "" {
				require.NoError(t, c.edge.Validate())
				return
			}
			require.ErrorContains(t, c.edge.Validate(), c.wrong)
		})
	}
}

func TestProxies(t *testing.T) {
	var inside, one, wrong config.Network
	require.NoError(t, inside.UnmarshalText([]byte("10.1.2.3/8")))
	require.NoError(t, one.UnmarshalText([]byte("fd00::1 ")))
	require.EqualError(t, wrong.UnmarshalText([]byte("proxy")), `"proxy" is no network: write 10.0.0.0/8, or one address`)
	assert.Empty(t, config.Edge{}.Proxies())
	assert.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::1/128")},
		config.Edge{BehindProxy: true, TrustedProxies: []config.Network{inside, one}}.Proxies())
	assert.Equal(t, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, config.Edge{BehindProxy: true}.Proxies())
}

func TestLimits(t *testing.T) {
	require.NoError(t, config.Limits{}.Validate())
	require.NoError(t, config.Limits{CallerRate: 0.5, CallerBurst: 1}.Validate())
	require.ErrorContains(t, config.Limits{CallerRate: -1}.Validate(), "--caller-rate -1")
	require.ErrorContains(t, config.Limits{CallerRate: 1}.Validate(), "--caller-burst 0")
	require.ErrorContains(t, config.Limits{AddressRate: 1}.Validate(), "--address-burst 0")
	require.ErrorContains(t, config.Limits{MaxCalls: -1}.Validate(), "--max-calls -1")
	require.ErrorContains(t, config.Limits{MaxStreamsPerCaller: -1}.Validate(), "--max-streams-per-caller -1")
}
