// Package openapitest holds answers to the OpenAPI document: whatever a test
// asks the engine through its Transport, the document must have foretold.
package openapitest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// compiled is the document, read once for all the tests of a package.
var compiled = sync.OnceValues(compile)

// Transport returns a round tripper that calls next and fails the test when the
// answer is not as the document declares. Here fields that are not declared are
// wrong, and so are values that an open enumeration does not list. Benchmarks
// get next itself.
func Transport(tb testing.TB, next http.RoundTripper) http.RoundTripper {
	tb.Helper()
	if _, measured := tb.(*testing.B); measured {
		return next
	}
	doc, err := compiled()
	require.NoError(tb, err)
	return &transport{tb, doc, next}
}

type transport struct {
	tb   testing.TB
	doc  *document
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if closeErr := resp.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if err := t.doc.check(req, resp, body); err != nil {
		t.tb.Errorf("%s %s answered %d, and not as the OpenAPI document says: %v", req.Method, req.URL.Path, resp.StatusCode, err)
	}
	return resp, nil
}
