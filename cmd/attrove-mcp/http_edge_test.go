package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/config"
)

func TestOrigin(t *testing.T) {
	named := []string{"api", "other"}
	for want, c := range map[string]config.Edge{
		"http://0.0.0.0:8788":       {},
		"https://0.0.0.0:8788":      {TLSCert: "cert.pem"},
		"https://api:8788":          {TLSCert: "cert.pem", AllowedHosts: named},
		"https://api:443":           {TLSCert: "cert.pem", AllowedHosts: []string{"api:443"}},
		"https://api":               {BehindProxy: true, AllowedHosts: named},
		"https://api.example:18443": {BehindProxy: true, AllowedHosts: []string{"api.example:18443"}},
		"http://api:8788":           {AllowedHosts: named},
	} {
		assert.Equal(t, want, origin(c, &net.TCPAddr{IP: net.IPv4zero, Port: 8788}), c)
	}
}
