package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/attrove/attrove-mcp/internal/rpc"
)

// aliveTime is how often a silent stream says that it lives. Proxies cut those of
// which nothing comes, some after half a minute.
const aliveTime = 20 * time.Second

// listening serves a stream of notifications until the client leaves or streams
// ends. Calls are left to finish.
func listening(streams context.Context, every time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Mcp-Method") != "subscriptions/listen" {
			next.ServeHTTP(w, r)
			return
		}
		ctx, end := context.WithCancel(r.Context())
		defer context.AfterFunc(streams, end)()
		if who, _ := RequestIdentity(r.Context()); !who.Until.IsZero() { //nolint:contextcheck // a request has its own
			// Who may still listen shows by the token that comes next.
			defer time.AfterFunc(time.Until(who.Until), end).Stop()
		}
		w.Header().Set("X-Accel-Buffering", "no") // nginx would collect it
		stream := &streamWriter{ResponseWriter: w}
		stream.beat(every)
		defer stream.end()                         // the writer is gone afterwards
		defer context.AfterFunc(ctx, stream.end)() //nolint:contextcheck // it is the request's
		defer end()
		next.ServeHTTP(stream, r.WithContext(ctx)) //nolint:contextcheck // it is derived from it
		if m := rpc.MessageFrom(r.Context()); m != nil && ctx.Err() != nil && r.Context().Err() == nil {
			stream.close(m.ID)
		}
	})
}

// streamWriter writes events, and comments between them that clients pass over.
type streamWriter struct {
	http.ResponseWriter
	mu     sync.Mutex
	begun  bool
	events bool // what is written are events
	ended  bool
	beats  *time.Timer
	every  time.Duration
}

// WriteHeader notes whether it is a stream, and not an error, that follows.
func (w *streamWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin()
	w.ResponseWriter.WriteHeader(status)
}

func (w *streamWriter) begin() {
	if !w.begun {
		w.begun, w.events = true, strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream")
	}
}

// Write writes whole events: mcp-go passes each in one call.
func (w *streamWriter) Write(p []byte) (n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin()
	w.timed(func() { n, err = w.ResponseWriter.Write(p) })
	return n, err
}

// Flush implements http.Flusher, without which mcp-go does not stream.
func (w *streamWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timed(w.flush)
}

// close ends the stream with the answer to its request: whoever listens knows that
// it was meant, and listens elsewhere (MCP 2026-07-28, subscriptions, graceful
// closure). mcp-go answers nobody whose context has ended.
func (w *streamWriter) close(id json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.events {
		return
	}
	w.timed(func() {
		// Whoever hung up does not need it.
		_, _ = fmt.Fprintf(w.ResponseWriter, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":%[1]s,\"result\":{\"resultType\":\"complete\",\"_meta\":{%[2]q:%[1]s}}}\n\n",
			id, mcp.MetaKeySubscriptionID)
		w.flush()
	})
}

func (w *streamWriter) flush() {
	_ = http.NewResponseController(w.ResponseWriter).Flush() // whoever hung up does not need it
}

// timed ends the stream of a client that does not read what write writes, and puts
// off the next beat. Between writes there is no deadline, which HTTP/2 would end
// the stream by.
func (w *streamWriter) timed(write func()) {
	out := http.NewResponseController(w.ResponseWriter)
	_ = out.SetWriteDeadline(time.Now().Add(sendTime)) // tests have writers without
	write()
	_ = out.SetWriteDeadline(time.Time{})
	if !w.ended {
		w.beats.Reset(w.every)
	}
}

// beat writes a comment every so often, until end. Between them nothing waits but
// a timer: streams are many, and a goroutine each would take as much memory again.
func (w *streamWriter) beat(every time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.every = every
	w.beats = time.AfterFunc(every, func() {
		if !w.mu.TryLock() {
			return // what is being written says that the stream lives
		}
		defer w.mu.Unlock()
		if w.ended {
			return
		}
		w.comment()
		w.beats.Reset(every)
	})
}

// end is after the last thing that is written.
func (w *streamWriter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.beats.Stop()
}

func (w *streamWriter) comment() {
	if !w.events {
		return
	}
	w.timed(func() {
		_, _ = w.ResponseWriter.Write([]byte(":\n\n")) // whoever hung up does not need it
		w.flush()
	})
}
