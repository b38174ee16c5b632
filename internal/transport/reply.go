package transport

import "net/http"

// reply is a response of which it is known whether it has begun.
type reply struct {
	http.ResponseWriter
	status int // 0 until then
}

// replyOf is w as a reply; links that need one share it.
func replyOf(w http.ResponseWriter) *reply {
	if already, ok := w.(*reply); ok {
		return already
	}
	return &reply{ResponseWriter: w}
}

// WriteHeader notes the first final status.
func (r *reply) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write begins the response where nothing has.
func (r *reply) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

// Flush implements http.Flusher, without which mcp-go does not stream.
func (r *reply) Flush() {
	_ = http.NewResponseController(r.ResponseWriter).Flush() // whoever hung up does not need it
}

// Unwrap is for http.ResponseController.
func (r *reply) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// whole hides that a response can be streamed: for clients that take none.
type whole struct{ http.ResponseWriter }
