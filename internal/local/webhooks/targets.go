package webhooks

import (
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// maxURL is how long an endpoint's URL may be.
const maxURL = 2048

// Targets says where endpoints may be.
type Targets int

const (
	// Public allows https on public addresses, which is what a service that
	// sends for others can safely offer.
	Public Targets = iota
	// Any also allows http, and private and loopback addresses: it is for
	// development.
	Any
)

// Check says what is wrong with an endpoint's URL, or "". What a name stands for
// is checked at every connection instead: names can change their minds.
func (t Targets) Check(raw string) string {
	u, err := url.Parse(raw)
	switch {
	case len(raw) > maxURL:
		return "must have at most 2048 characters"
	case err != nil, u.Hostname() == "":
		return "must be a URL such as https://example.com/hooks"
	case u.User != nil:
		return "must hold no user name and password: deliveries are signed instead"
	case u.Fragment != "":
		return "must have no #fragment: it would not be sent"
	case u.Scheme == "https", u.Scheme == "http" && t == Any:
		return t.checkHost(u.Hostname())
	}
	return "must begin with https://"
}

func (t Targets) checkHost(host string) string {
	if t == Any {
		return ""
	}
	const private = "must be on a public host, not on this machine or a private network"
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") { // RFC 6761 section 6.3
		return private
	}
	if address, err := netip.ParseAddr(host); err == nil && ssrf.New().SafeAddr(address) != nil {
		return private
	}
	return ""
}

// control is a net.Dialer's Control: it sees each address that is about to be
// connected to, after DNS and whoever else had their say.
func (t Targets) control() func(network, address string, c syscall.RawConn) error {
	if t == Any {
		return nil
	}
	return ssrf.New(ssrf.WithAnyPort()).Safe
}
