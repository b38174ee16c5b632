package transport

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Callers say whose a request is. They are asked about each request by itself,
// whatever its method: nothing is kept from one request for another.
type Callers interface {
	// Identify reads the caller from r. An error that is a *Refusal is answered
	// as it says.
	Identify(r *http.Request) (Identity, error)
}

// Identity is whose a request is.
type Identity struct {
	attrove.Caller
	Subject string    // of the token that the request came with; "" without one
	Until   time.Time // when the token expires, and streams end; zero: never
	Limit   *Refusal  // the answer to calls that would change something; nil: they are allowed
}

// Refusal is an error with the answer that it is to get.
type Refusal struct { //nolint:errname // a refusal first, which is passed as an error
	Status     int
	Code       string
	Message    string        // for whoever made the request: what is wrong, and the right form
	Challenge  string        // the WWW-Authenticate header; "" is none
	RetryAfter time.Duration // 0 is none
}

// Error implements error.
func (f *Refusal) Error() string { return f.Message }

// answer writes the refusal.
func (f *Refusal) answer(w http.ResponseWriter) {
	if f.Challenge != "" {
		w.Header().Set("WWW-Authenticate", f.Challenge)
	}
	problem := view.Problem{Code: f.Code, Message: f.Message}
	if f.RetryAfter > 0 {
		problem.RetryAfter = int((f.RetryAfter + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(problem.RetryAfter))
	}
	respond(w, f.Status, problem)
}

type identityKey struct{}

// RequestIdentity is whose the HTTP request is that ctx belongs to, if that is
// known.
func RequestIdentity(ctx context.Context) (who Identity, ok bool) {
	who, ok = ctx.Value(identityKey{}).(Identity)
	return who, ok
}

// RequestCaller is who made the HTTP request that ctx belongs to.
func RequestCaller(ctx context.Context) (attrove.Caller, error) {
	who, ok := RequestIdentity(ctx)
	if !ok {
		return attrove.Caller{}, &attrove.Error{Code: attrove.CodeMissingKey, Message: wantedHeaders}
	}
	return who.Caller, nil
}

// identified lets through only requests of known callers, and has their context
// say whose they are.
func identified(callers Callers, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := callers.Identify(r)
		if err != nil {
			refusalOf(err).answer(w)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), identityKey{}, who))
		if who.Limit != nil {
			limited(w, r, who.Limit, next)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refusalOf is the answer to an error. What is not meant for others stays unsaid.
func refusalOf(err error) *Refusal {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	status := http.StatusInternalServerError
	var failure *attrove.Error
	if errors.As(err, &failure) && failure.Status != 0 {
		status = failure.Status
	}
	problem := view.Explain(err)
	return &Refusal{Status: status, Code: problem.Code, Message: problem.Message}
}
