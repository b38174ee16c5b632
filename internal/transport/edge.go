package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// maxBody is the most that one request may hold.
const maxBody = 1 << 20

// refuse answers with an error as JSON, in the form that tools use.
func refuse(w http.ResponseWriter, status int, code, message string) {
	body, err := json.Marshal(view.Failed{Error: &view.Problem{Code: code, Message: message}})
	if err != nil { // strings always encode
		status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // whoever hung up does not need it
}

// recovered answers a panic. Its value may hold anything and stays unseen.
func recovered(log zerolog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p) // net/http's own way to drop a connection
			default:
				log.Error().Str("panic", fmt.Sprintf("%T", p)).Bytes("stack", debug.Stack()).Msg("http")
				refuse(w, http.StatusInternalServerError, attrove.CodeInternal, "something went wrong inside attrove-mcp")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// localHost refuses requests for another host than this machine: a web page may
// have let its own name point here (DNS rebinding).
func localHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackName(r.Host) {
			refuse(w, http.StatusForbidden, attrove.CodeForbidden, "the Host header must name this machine: localhost or a loopback address")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopbackName(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// sameOrigin refuses requests that a browser sends for another site, as the MCP
// specification demands.
func sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, attrove.CodeForbidden, "requests from another origin are refused")
	}))
	return protection.Handler(next)
}

// postOnly is all that a stateless server needs: it has no streams to offer by
// GET and no sessions to end by DELETE.
func postOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "use POST")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// wholeBody reads the body up to the limit. Notifications end here: a stateless
// server has nothing that they could act on.
func wholeBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			refuse(w, http.StatusRequestEntityTooLarge, attrove.CodeTooLarge, fmt.Sprintf("a request may hold %d bytes at most", maxBody))
			return
		case err != nil:
			refuse(w, http.StatusBadRequest, attrove.CodeInvalidRequest, "the request broke off")
			return
		}
		var e envelope
		if json.Unmarshal(body, &e) == nil && e.Method != "" && e.ID == nil {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}
