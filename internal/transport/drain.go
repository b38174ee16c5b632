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

// drainTimeout is more than the work of any call may take.
const drainTimeout = time.Minute

// pending counts requests without an answer. A question that the server asks
// the client holds up one of them.
type pending struct {
	mu    sync.Mutex
	ids   map[string]int
	asked map[string]struct{} // questions without an answer
	idle  chan struct{}       // closed while nothing is pending but what waits for the client
	quiet bool                // whether idle is closed
}

func newPending() *pending {
	p := &pending{ids: map[string]int{}, asked: map[string]struct{}{}, idle: make(chan struct{})}
	p.settle()
	return p
}

// settle opens or closes idle after a change.
func (p *pending) settle() {
	if len(p.ids) == 0 {
		clear(p.asked) // of questions that were given up no answer need come
	}
	quiet := len(p.ids) <= len(p.asked)
	switch {
	case quiet && !p.quiet:
		close(p.idle)
	case !quiet && p.quiet:
		p.idle = make(chan struct{})
	}
	p.quiet = quiet
}

// none is closed once nothing is pending: of a client that is gone, no answer to
// a question will come.
func (p *pending) none() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.idle
}

func (p *pending) add(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.settle()
	p.ids[id]++
}

// ask notes a question to the client, and told its answer.
func (p *pending) ask(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.settle()
	p.asked[id] = struct{}{}
}

func (p *pending) told(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.settle()
	delete(p.asked, id)
}

func (p *pending) done(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.settle()
	switch p.ids[id] {
	case 0:
		return
	case 1:
		delete(p.ids, id)
	default:
		p.ids[id]--
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

// count notes a request or an answer. A stream of notifications never gets an answer.
func (r *drainingReader) count(line []byte) {
	var e envelope
	if json.Unmarshal(line, &e) != nil {
		return
	}
	switch id := e.key(); {
	case id == "", e.Method == "subscriptions/listen":
	case e.Method == "":
		r.pending.told(id)
	default:
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
	switch id, question := readID(p); {
	case id == "":
	case question:
		w.pending.ask(id)
	default:
		w.pending.done(id)
	}
	return n, err
}

// readID is the id of a message that the server sends, "" when it has none, and
// whether it is a question and not an answer. It reads no further than it must: a
// list of tools is long.
func readID(message []byte) (id string, question bool) {
	dec := json.NewDecoder(bytes.NewReader(message))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return "", false
	}
	var e envelope
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return "", false
		}
		if name == "method" {
			return e.key(), true // mcp-go writes the id first
		}
		if (name == "result" || name == "error") && e.ID != nil {
			break
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return "", false
		}
		if name == "id" {
			e.ID = value
		}
	}
	return e.key(), false
}
