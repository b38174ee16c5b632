package config

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// Edge is how an HTTP server meets the network. Whoever embeds it sets listen, the
// address that is the default.
type Edge struct {
	Listen         string    `help:"The address to listen on. Another than loopback also needs --allowed-hosts, and --tls-cert or --behind-proxy." default:"${listen}"`
	TLSCert        string    `name:"tls-cert" help:"Serve TLS with this certificate, followed by those of its issuers (PEM); read again when it changes." placeholder:"FILE"`
	TLSKey         string    `name:"tls-key" help:"The certificate's key (PEM)." placeholder:"FILE"`
	BehindProxy    bool      `help:"A proxy in front of this server has the certificate, and says in X-Forwarded-For where requests come from."`
	TrustedProxies []Network `help:"With --behind-proxy: the addresses or networks of the proxies whose X-Forwarded-For is believed; else those on this machine." placeholder:"CIDR"`
	AllowedHosts   []string  `help:"The names under which clients reach this server (their Host header), besides localhost." placeholder:"HOST"`
	AllowedOrigins []string  `help:"Sites whose pages may ask this server, such as https://app.example.com; else none but its own." placeholder:"ORIGIN"`
	MaxConnections int       `help:"The most connections at once; 0 is no limit." default:"20000"`
}

// Validate checks what the flag parser cannot.
func (e Edge) Validate() error {
	if err := checkAddress("--listen", e.Listen); err != nil {
		return err
	}
	switch {
	case (e.TLSCert == "") != (e.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key: one needs the other")
	case len(e.TrustedProxies) > 0 && !e.BehindProxy:
		return errors.New("--trusted-proxies: only with --behind-proxy")
	case !e.Local() && e.TLSCert == "" && !e.BehindProxy:
		return fmt.Errorf("--listen %s: keys must not cross a network in the clear; add --tls-cert and --tls-key, or --behind-proxy when a proxy serves TLS, or listen on 127.0.0.1", e.Listen)
	case !e.Local() && len(e.AllowedHosts) == 0:
		return fmt.Errorf("--listen %s: also needs --allowed-hosts, the names under which clients reach this server", e.Listen)
	case e.MaxConnections < 0:
		return fmt.Errorf("--max-connections %d: must not be negative; 0 is no limit", e.MaxConnections)
	}
	for _, host := range e.AllowedHosts {
		if host == "" || strings.ContainsAny(host, "/* \t") {
			return fmt.Errorf("--allowed-hosts %s: write a name or an address as it stands in a URL, such as mcp.example.com or mcp.example.com:8443", host)
		}
	}
	for _, origin := range e.AllowedOrigins {
		if err := http.NewCrossOriginProtection().AddTrustedOrigin(origin); err != nil || strings.Contains(origin, "*") {
			return fmt.Errorf("--allowed-origins %s: write a scheme and a host, such as https://app.example.com", origin)
		}
	}
	return nil
}

// checkAddress returns an error that names the flag unless address is one to listen
// on.
func checkAddress(flag, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s %s: write an address and a port, such as 127.0.0.1:8787", flag, address)
	}
	return nil
}

// Local reports whether nobody but this machine can reach the listener.
func (e Edge) Local() bool {
	host, _, err := net.SplitHostPort(e.Listen)
	return err == nil && (strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback())
}

// Proxies are the networks whose X-Forwarded-For is believed.
func (e Edge) Proxies() []netip.Prefix {
	if e.BehindProxy && len(e.TrustedProxies) == 0 {
		return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	all := make([]netip.Prefix, len(e.TrustedProxies))
	for i, one := range e.TrustedProxies {
		all[i] = one.Prefix
	}
	return all
}

// Network is a network on the command line, or one address.
type Network struct{ netip.Prefix }

// UnmarshalText reads a network in CIDR form, or an address.
func (n *Network) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if one, err := netip.ParseAddr(s); err == nil {
		n.Prefix = netip.PrefixFrom(one, one.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return fmt.Errorf("%q is no network: write 10.0.0.0/8, or one address", s)
	}
	n.Prefix = prefix.Masked()
	return nil
}

// Limits are how much the HTTP server serves, and to whom. Zero is no limit.
type Limits struct {
	CallerRate          float64 `help:"The most requests of one caller per second, in the long run; 0 is no limit." default:"20"`
	CallerBurst         int     `help:"The most requests of one caller all at once." default:"100"`
	AddressRate         float64 `help:"The most requests from one address of the network per second, in the long run; 0 is no limit." default:"100"`
	AddressBurst        int     `help:"The most requests from one address all at once." default:"500"`
	MaxCalls            int     `help:"The most calls at once; 0 is no limit." default:"256"`
	MaxCallsPerCaller   int     `help:"The most calls of one caller at once; 0 is no limit." default:"32"`
	MaxStreams          int     `help:"The most listening streams at once; 0 is no limit." default:"12000"`
	MaxStreamsPerCaller int     `help:"The most listening streams of one caller at once; 0 is no limit." default:"64"`
}

// Validate checks what the flag parser cannot.
func (l Limits) Validate() error {
	for _, c := range []struct {
		name  string
		rate  float64
		burst int
	}{{"caller", l.CallerRate, l.CallerBurst}, {"address", l.AddressRate, l.AddressBurst}} {
		switch {
		case c.rate < 0:
			return fmt.Errorf("--%s-rate %g: must not be negative; 0 is no limit", c.name, c.rate)
		case c.rate > 0 && c.burst < 1:
			return fmt.Errorf("--%s-burst %d: must be 1 or more", c.name, c.burst)
		}
	}
	for name, most := range map[string]int{
		"calls": l.MaxCalls, "calls-per-caller": l.MaxCallsPerCaller, "streams": l.MaxStreams, "streams-per-caller": l.MaxStreamsPerCaller,
	} {
		if most < 0 {
			return fmt.Errorf("--max-%s %d: must not be negative; 0 is no limit", name, most)
		}
	}
	return nil
}
