package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// maxBody is the most that one request may carry.
const maxBody = 10 << 20

// Caller is on whose behalf a request is served, and when. A partner has no
// User.
type Caller struct {
	User   store.User
	Now    time.Time // by the engine's clock
	core   *core
	direct *direct     // stores what this caller pushes; nil leaves it to the queue
	header http.Header // of the response, for what is no part of the answer
}

// Router serves operations. Those that nobody handles answer 501.
type Router struct {
	mux    *http.ServeMux
	routes map[string]route // by operation name
	admit  admit
	log    zerolog.Logger
}

// admit tells whom a request is from, or why it is refused.
type admit func(r *http.Request, m attrove.Meta) (Caller, error)

// route is one operation with its types put away.
type route struct {
	meta attrove.Meta
	run  func(ctx context.Context, who Caller, raw inputs) (any, error)
}

func newRouter(admit admit, log zerolog.Logger) *Router {
	return &Router{mux: http.NewServeMux(), routes: map[string]route{}, admit: admit, log: log}
}

// Handle has fn serve op. What fn returns is encoded as the operation's Meta
// says; an error that is an *attrove.Error with a Status is answered as it is.
func Handle[In, Out any](r *Router, op attrove.Operation[In, Out], fn func(context.Context, Caller, In) (Out, error)) {
	decode := newDecoder(op.Meta, reflect.TypeFor[In]())
	r.add(route{op.Meta, func(ctx context.Context, who Caller, raw inputs) (any, error) {
		var in In
		if err := decode.decode(raw, &in); err != nil {
			return nil, err
		}
		return fn(ctx, who, in)
	}})
}

// rest has every operation that nobody handles say so.
func (r *Router) rest() {
	for _, op := range attrove.All() {
		m := op.Info()
		if _, handled := r.routes[m.Name]; handled || m.Page != "" {
			continue
		}
		r.add(route{m, func(context.Context, Caller, inputs) (any, error) {
			return nil, &attrove.Error{Status: http.StatusNotImplemented, Code: attrove.CodeNotImplemented,
				Message: "the embedded engine does not have the operation " + m.Name + " yet"}
		}})
	}
}

// Page has fn answer op, which is a page for a browser, and all below its path.
func (r *Router) Page(op attrove.Any, fn http.HandlerFunc) {
	path := op.Info().Path
	r.mux.HandleFunc(path, fn)
	r.mux.HandleFunc(path+"/", fn)
}

func (r *Router) add(one route) {
	r.routes[one.meta.Name] = one
	r.mux.HandleFunc(one.meta.Method+" "+one.meta.Path, func(w http.ResponseWriter, req *http.Request) {
		out, err := r.serve(w, req, one)
		if err != nil {
			writeProblem(w, r.log, err)
			return
		}
		writeReply(w, one.meta, out)
	})
}

// ServeHTTP implements http.Handler.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			r.log.Error().Str("panic", fmt.Sprintf("%T", v)).Bytes("stack", debug.Stack()).Msg("request panicked")
			writeProblem(w, r.log, errors.New("panic"))
		}
	}()
	// The mux would answer dot segments with a redirect to another operation.
	_, pattern := r.mux.Handler(req)
	if pattern == "" || path.Clean(req.URL.Path) != req.URL.Path {
		r.refuse(w, req)
		return
	}
	r.mux.ServeHTTP(w, req)
}

// refuse answers what no route takes, in place of the mux and its plain text.
func (r *Router) refuse(w http.ResponseWriter, req *http.Request) {
	heard := &deaf{header: http.Header{}}
	r.mux.ServeHTTP(heard, req)
	if allow := heard.header.Get("Allow"); heard.status == http.StatusMethodNotAllowed && allow != "" {
		w.Header().Set("Allow", allow)
		writeProblem(w, r.log, &attrove.Error{Status: http.StatusMethodNotAllowed, Code: attrove.CodeInvalidRequest,
			Message: "this path takes " + allow + " only"})
		return
	}
	writeProblem(w, r.log, &attrove.Error{Status: http.StatusNotFound, Code: attrove.CodeNotFound, Message: "there is no such operation"})
}

// deaf is a response of which only status and header matter.
type deaf struct {
	header http.Header
	status int
}

func (d *deaf) Header() http.Header         { return d.header }
func (d *deaf) Write(p []byte) (int, error) { return len(p), nil }
func (d *deaf) WriteHeader(status int)      { d.status = status }

func (r *Router) serve(w http.ResponseWriter, req *http.Request, one route) (any, error) {
	raw, err := read(w, req, one.meta)
	if err != nil {
		return nil, err
	}
	who, err := r.admit(req, one.meta)
	if err != nil {
		return nil, err
	}
	if one.meta.Auth != attrove.AuthUser {
		return one.run(req.Context(), who, raw)
	}
	who.header = w.Header()
	if one.meta.Effect == attrove.Read {
		who.settle(req.Context())
	}
	out, err := one.run(req.Context(), who, raw)
	if coverage := who.core.coverage.header(req.Context(), who.core.store, who.User.ID); coverage != "" {
		w.Header().Set(attrove.CoverageHeader, coverage)
	}
	return out, err
}

func read(w http.ResponseWriter, req *http.Request, m attrove.Meta) (inputs, error) {
	raw := inputs{path: map[string]string{}, query: req.URL.Query()}
	for _, name := range m.PathNames() {
		raw.path[name] = req.PathValue(name)
	}
	if m.Auth == attrove.AuthUser {
		delete(raw.path, "user_id") // the caller's, and no argument
	}
	var err error
	raw.body, err = io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return inputs{}, &attrove.Error{Status: http.StatusRequestEntityTooLarge, Code: attrove.CodeTooLarge,
			Message: fmt.Sprintf("the body is larger than the %d MiB that one request may carry", maxBody>>20)}
	case err != nil:
		return inputs{}, invalidRequest("body", "broke off")
	}
	return raw, nil
}

// writeReply encodes out as the operation's envelope says (P-03).
func writeReply(w http.ResponseWriter, m attrove.Meta, out any) {
	switch {
	case m.Status == http.StatusNoContent:
		w.WriteHeader(m.Status)
	case m.Envelope == attrove.Bare:
		writeJSON(w, m.Status, out)
	default:
		writeJSON(w, m.Status, struct {
			Data any `json:"data"`
		}{out})
	}
}
