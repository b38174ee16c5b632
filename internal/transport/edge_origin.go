package transport

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/rs/cors"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// knownHosts refuses requests for another host than those given and this machine:
// a web page may have let its own name point here (DNS rebinding).
func knownHosts(hosts []string, next http.Handler) http.Handler {
	known := map[string]struct{}{}
	for _, host := range hosts {
		known[strings.ToLower(host)] = struct{}{}
	}
	message := "the Host header must name this machine: localhost or a loopback address"
	if len(known) > 0 {
		message = "the Host header names none of the hosts that this server is for (--allowed-hosts)"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isKnown(known, r.Host) {
			refuse(w, http.StatusForbidden, attrove.CodeForbidden, message)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isKnown(known map[string]struct{}, hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback() {
		return true
	}
	if len(known) == 0 {
		return false
	}
	_, named := known[strings.ToLower(host)]
	_, exactly := known[strings.ToLower(hostport)]
	return named || exactly
}

// knownOrigins refuses requests that a browser sends for other sites than those
// given, as the MCP specification demands (2026-07-28, streamable HTTP, security),
// and lets the pages of those read the answers.
func knownOrigins(origins []string, next http.Handler) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin %s: %w", origin, err)
		}
	}
	if len(origins) > 0 {
		// Every header is allowed: those of a tool's parameters have any name
		// (Mcp-Param-*), and nothing here takes cookies.
		next = cors.New(cors.Options{
			AllowedOrigins: origins,
			AllowedMethods: []string{http.MethodPost},
			AllowedHeaders: []string{"*"},
			ExposedHeaders: []string{"WWW-Authenticate", "Retry-After"},
			MaxAge:         7200, // seconds; browsers take no more
		}).Handler(next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if foreign(protection, r) {
			refuse(w, http.StatusForbidden, attrove.CodeForbidden, "requests from another origin are refused")
			return
		}
		next.ServeHTTP(w, r)
	}), nil
}

// foreign reports whether r comes from a page of another site. Methods that change
// nothing are checked too where they name their origin: the specification has no
// exception for them.
func foreign(protection *http.CrossOriginProtection, r *http.Request) bool {
	safe := slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, r.Method)
	if safe && r.Header.Get("Origin") == "" {
		return false // links lead here from anywhere
	}
	unsafe := *r
	unsafe.Method = http.MethodPost
	return protection.Check(&unsafe) != nil
}
