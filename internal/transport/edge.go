package transport

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/rpc"
	"github.com/attrove/attrove-mcp/internal/telemetry"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Edge is how a server meets the network. The zero Edge is for one on loopback
// that pages of other sites cannot reach.
type Edge struct {
	// Hosts are the names under which the server may be asked, besides those of
	// this machine; one with a port is for that port only.
	Hosts []string
	// Origins are sites whose pages may ask, such as https://app.example.
	Origins []string
	// Proxies are those whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Certificate serves TLS; nil is plain HTTP.
	Certificate *Certificate
	// Connections are how many may be open at once; 0 is no limit.
	Connections int
	// AnyHost serves requests under any name, whatever Hosts are.
	AnyHost bool
	// DrainDelay is how long connections are still accepted once the server is told
	// to stop: as long as those who send them need to notice.
	DrainDelay time.Duration
	// DrainTimeout is how long calls may then take to finish; 0 is 10 s.
	DrainTimeout time.Duration
	// Telemetry observes; nil: nobody does.
	Telemetry *telemetry.Telemetry
}

// refuse answers with an error as JSON, in the form that tools use.
func refuse(w http.ResponseWriter, status int, code, message string) {
	respond(w, status, view.Problem{Code: code, Message: message})
}

func respond(w http.ResponseWriter, status int, problem view.Problem) {
	body, err := json.Marshal(view.Failed{Error: &problem})
	if err != nil { // strings always encode
		status, body = http.StatusInternalServerError, nil
	}
	send(w, status, body)
}

// fault answers a message that is not served.
func fault(w http.ResponseWriter, m *rpc.Message, wrong *rpc.Error) {
	status := http.StatusBadRequest
	if wrong.Code == rpc.MethodNotFound {
		status = http.StatusNotFound
	}
	body, err := wrong.Answer(m.ID)
	if err != nil { // ids are valid JSON, and strings always encode
		status, body = http.StatusInternalServerError, nil
	}
	send(w, status, body)
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // whoever hung up does not need it
}

// recovered answers a panic, or drops the connection when an answer has begun:
// its rest would be taken for whole. The panic's value may hold anything and stays
// unseen.
func recovered(e Edge, log zerolog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := replyOf(w)
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this
				panic(p) // net/http's own way to drop a connection
			}
			e.Telemetry.Panicked("http")
			log.Error().Str("panic", fmt.Sprintf("%T", p)).Bytes("stack", debug.Stack()).Msg("http")
			if answer.status != 0 {
				panic(http.ErrAbortHandler)
			}
			refuse(answer, http.StatusInternalServerError, attrove.CodeInternal, "something went wrong inside attrove-mcp")
		}()
		next.ServeHTTP(answer, r)
	})
}

// exactPaths refuses what http.ServeMux would redirect: no client that was told
// the right address asks like this.
func exactPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.Path; !strings.HasPrefix(p, "/") || path.Clean(p) != p {
			refuse(w, http.StatusNotFound, attrove.CodeNotFound, "there is nothing here; the MCP server is at "+Path)
			return
		}
		next.ServeHTTP(w, r)
	})
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
