package transport

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// mcp-go drops what it is still working on when its input ends, so that
// `printf ... | attrove-mcp stdio` would lose answers. The reader here holds the
// end back until the writer has seen an answer to every request.

// drainTimeout is more than the work of any call may take. Nobody is left to
// answer a call that waits for a human.
const drainTimeout = time.Minute

// pending counts requests without an answer.
type pending struct {
	mu   sync.Mutex
	ids  map[string]int
	idle chan struct{} // closed while nothing is pending
}

func newPending() *pending {
	idle := make(chan struct{})
	close(idle)
	return &pending{ids: map[string]int{}, idle: idle}
}

// none is closed once nothing is pending.
func (p *pending) none() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.idle
}

func (p *pending) add(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ids) == 0 {
		p.idle = make(chan struct{})
	}
	p.ids[id]++
}

func (p *pending) done(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.ids[id] {
	case 0:
		return
	case 1:
		delete(p.ids, id)
	default:
		p.ids[id]--
	}
	if len(p.ids) == 0 {
		close(p.idle)
	}
}

// envelope is what of a JSON-RPC message tells requests from answers.
type envelope struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
}

// key is the id in one spelling, for an answer may spell 1.0 or "\u0061" another
// way; "" when there is none.
func (e envelope) key() string {
	var id any
	if json.Unmarshal(e.ID, &id) != nil {
		return ""
	}
	switch id.(type) {
	case string, float64:
		return fmt.Sprintf("%#v", id)
	}
	return ""
}

// drainingReader passes lines on and delays the end of its input.
type drainingReader struct {
	ctx     context.Context //nolint:containedctx // a reader has no other way to learn of it
	in      io.Reader
	lines   *bufio.Reader
	rest    []byte // of the line that is being passed on
	ended   error
	pending *pending
}

// Read returns at most one line, so that a request counts as pending only once
// it is on its way.
func (r *drainingReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *drainingReader) next() error {
	if r.lines == nil {
		r.lines = bufio.NewReader(r.in)
	}
	for r.ended == nil {
		line, err := r.lines.ReadBytes('\n')
		r.ended = err
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		r.count(line)
		r.rest = append(line, '\n') // also where the last line lacks it: mcp-go would drop that
		return nil
	}
	if errors.Is(r.ended, io.EOF) {
		select {
		case <-r.pending.none():
		case <-r.ctx.Done():
		case <-time.After(drainTimeout):
		}
	}
	return r.ended
}

// count notes a request. A stream of notifications never gets an answer.
func (r *drainingReader) count(line []byte) {
	var e envelope
	if json.Unmarshal(line, &e) != nil || e.Method == "" || e.Method == "subscriptions/listen" {
		return
	}
	if id := e.key(); id != "" {
		r.pending.add(id)
	}
}

// answerWriter writes messages, each whole in one call, and notes the answers.
type answerWriter struct {
	mu      sync.Mutex // mcp-go writes its own requests beside its answers
	out     io.Writer
	pending *pending
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	n, err := w.out.Write(p)
	w.mu.Unlock()
	w.pending.done(answered(p))
	return n, err
}

// answered is the id of the request that a message answers, "" when it is no
// answer. It reads no further than it must: a list of tools is long.
func answered(message []byte) string {
	dec := json.NewDecoder(bytes.NewReader(message))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	var e envelope
	for dec.More() {
		name, err := dec.Token()
		if err != nil || name == "method" {
			return ""
		}
		if (name == "result" || name == "error") && e.ID != nil {
			break
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return ""
		}
		if name == "id" {
			e.ID = value
		}
	}
	return e.key()
}
