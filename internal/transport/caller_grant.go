package transport

import (
	"net/http"
	"sync/atomic"

	"github.com/attrove/attrove-mcp/internal/gate"
)

// limited serves a caller who may only read. A call that would change something
// gets refusal in place of a result, as the MCP specification has it for what a
// token is not enough for (Authorization, "Runtime Insufficient Scope Errors").
func limited(w http.ResponseWriter, r *http.Request, refusal *Refusal, next http.Handler) {
	challenge := &challengeWriter{ResponseWriter: w, refusal: refusal}
	next.ServeHTTP(challenge, r.WithContext(gate.ReadOnly(r.Context(), func() { challenge.tried.Store(true) })))
}

// challengeWriter writes a refusal instead of the answer to a call that was
// turned away. Of a stream that has begun only its events can still say so.
type challengeWriter struct {
	http.ResponseWriter
	refusal  *Refusal
	tried    atomic.Bool // to change something
	begun    bool
	replaced bool
}

// WriteHeader decides which of the two it is.
func (w *challengeWriter) WriteHeader(status int) {
	if w.begun {
		return
	}
	w.begun = true
	if w.replaced = w.tried.Load(); w.replaced {
		w.refusal.answer(w.ResponseWriter)
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write drops the answer that was replaced.
func (w *challengeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.replaced {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// Flush implements http.Flusher, without which mcp-go does not stream.
func (w *challengeWriter) Flush() {
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w.ResponseWriter).Flush() // whoever hung up does not need it
}

// Unwrap is for http.ResponseController.
func (w *challengeWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
