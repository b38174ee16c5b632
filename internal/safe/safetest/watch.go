// Package safetest watches what tests are answered and what is logged meanwhile,
// for credentials that neither may hold.
package safetest

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// looks are what Attrove's credentials look like (contract sections 1, 3.4 and 13.3).
const looks = `\b(sk|pit|whsec)_[A-Za-z0-9+/=_-]{8,}`

// Watch returns a writer for results and logs. When the test ends, none of what
// was written may look like a credential or hold one of those planted.
func Watch(tb testing.TB, planted ...string) io.Writer {
	tb.Helper()
	w := new(watch)
	tb.Cleanup(func() {
		for _, leak := range w.leaks(planted) {
			tb.Errorf("a credential shows: %s", leak)
		}
	})
	return w
}

// watch keeps all that is written to it, by anybody at once.
type watch struct {
	mu   sync.Mutex
	seen bytes.Buffer
}

func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen.Write(p)
}

// leaks are the credentials that were written, each with what is around it.
func (w *watch) leaks(planted []string) (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.seen.String()
	for _, found := range regexp.MustCompile(looks).FindAllStringIndex(seen, -1) {
		all = append(all, around(seen, found[0], found[1]))
	}
	for _, secret := range planted {
		if at := strings.Index(seen, secret); at >= 0 {
			all = append(all, around(seen, at, at+len(secret)))
		}
	}
	return all
}

func around(s string, from, to int) string { return s[max(0, from-60):min(len(s), to+20)] }
