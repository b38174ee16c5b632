package safetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"
)

// Logs is a log that may hold nothing of what people write, and no credential.
type Logs struct {
	zerolog.Logger

	mu    sync.Mutex
	heard map[string]bool // what passed Between, and may be in no log
}

// Log returns a log that goes to where the test reads it. When the test ends, none
// of what was written may look like a credential, hold one of those planted, or
// repeat what passed Between.
func Log(tb testing.TB, to io.Writer, planted ...string) *Logs {
	tb.Helper()
	w := new(watch)
	l := &Logs{Logger: zerolog.New(both{w, to}), heard: map[string]bool{}}
	tb.Cleanup(func() {
		for _, leak := range w.leaks(append(l.words(), planted...)) {
			tb.Errorf("a log tells too much: %s", leak)
		}
	})
	return l
}

// Between returns a round tripper that calls next, and remembers what people
// wrote in the requests, in the answers that are none of errors, and with what
// key. Benchmarks get next itself.
func (l *Logs) Between(tb testing.TB, next http.RoundTripper) http.RoundTripper {
	tb.Helper()
	if _, measured := tb.(*testing.B); measured {
		return next
	}
	return between{l, next}
}

func (l *Logs) words() (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for word := range l.heard {
		all = append(all, word)
	}
	return all
}

// hear remembers the texts of a JSON document, and is silent about what is none.
func (l *Logs) hear(document []byte) {
	var v any
	if json.Unmarshal(document, &v) == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.texts(v)
	}
}

func (l *Logs) texts(v any) {
	switch v := v.(type) {
	case string:
		if text := beginning(v); len(text) >= 12 && strings.Contains(text, " ") {
			l.heard[text] = true
		}
	case []any:
		for _, one := range v {
			l.texts(one)
		}
	case map[string]any:
		for name, one := range v {
			if name != "error" && name != "disabled_reason" { // a program's words
				l.texts(one)
			}
		}
	}
}

// beginning is as much of a text as every encoding leaves as it is, 40 bytes at
// the most.
func beginning(text string) string {
	plain := strings.IndexFunc(text, func(r rune) bool {
		return r < ' ' || r > '~' || strings.ContainsRune(`"\<>&`, r)
	})
	if plain >= 0 {
		text = text[:plain]
	}
	return strings.TrimSpace(text[:min(len(text), 40)])
}

// both writes to a watch and to where a test reads, one line at a time.
type both struct {
	*watch
	to io.Writer
}

func (b both) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen.Write(p)
	return b.to.Write(p)
}

type between struct {
	*Logs
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b between) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, key, given := strings.Cut(r.Header.Get("Authorization"), " "); given && key != "" {
		b.mu.Lock()
		b.heard[key] = true
		b.mu.Unlock()
	}
	if r.Body != nil && r.Body != http.NoBody {
		body, err := all(r.Body)
		if err != nil {
			return nil, err
		}
		b.hear(body)
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer, err := b.next.RoundTrip(r)
	if err != nil || answer.StatusCode >= http.StatusBadRequest {
		return answer, err
	}
	body, err := all(answer.Body)
	if err != nil {
		return nil, err
	}
	b.hear(body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

func all(body io.ReadCloser) ([]byte, error) {
	read, err := io.ReadAll(body)
	if closeErr := body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("read a body: %w", err)
	}
	return read, nil
}
