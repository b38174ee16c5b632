package transport

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the addresses whose word on where a request comes from is taken.
type proxies []netip.Prefix

// client is the address that a request comes from: the peer's, or, where the peer
// is one of the proxies, the last in X-Forwarded-For that is none of them. What
// stands before it was written by whoever sent the request, and counts nothing.
func (p proxies) client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // not TCP
	}
	from := peer.Addr().Unmap()
	if !p.include(from) {
		return from
	}
	for _, line := range slices.Backward(r.Header["X-Forwarded-For"]) {
		for len(line) > 0 {
			last := strings.LastIndexByte(line, ',')
			hop, ok := hopAddress(strings.TrimSpace(line[last+1:]))
			if !ok {
				return from
			}
			if from = hop; !p.include(hop) {
				return hop
			}
			line = line[:max(last, 0)]
		}
	}
	return from
}

func (p proxies) include(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(one netip.Prefix) bool { return one.Contains(a) })
}

// hopAddress reads an address as proxies write it, some with the port.
func hopAddress(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.Unmap().WithZone(""), true
	}
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}
