package transport_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// planted are the credentials with which these tests call, or pretend to.
func planted() []string {
	return []string{"sk_ann", "sk_bo", "sk_local", "sk_planted", "partner-secret"}
}

// log is a log to w that may hold no credential, and nothing of what passes
// between a server and what is behind it.
func log(t *testing.T, w io.Writer) *safetest.Logs {
	t.Helper()
	return safetest.Log(t, w, planted()...)
}

// watched is a log of what is in front of a server.
func watched(t *testing.T, w io.Writer) zerolog.Logger {
	t.Helper()
	return log(t, w).Logger
}

// tee is what a server says, in which there may be no credential.
func tee(t *testing.T, said io.Reader) io.Reader {
	t.Helper()
	return io.TeeReader(said, safetest.Watch(t, planted()...))
}

// overheard is an HTTP client that no answer may tell a credential.
func overheard(t *testing.T) *http.Client {
	t.Helper()
	heard := safetest.Watch(t, planted()...)
	return &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			response.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(response.Body, heard), response.Body}
		}
		return response, err
	})}
}
