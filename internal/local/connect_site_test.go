package local_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
)

// site is an engine on a port, and a browser without scripts.
type site struct {
	fixture
	origin string
}

// serveSite starts an engine that knows where it is served.
func serveSite(t *testing.T, o local.Options, readers ...io.Writer) site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	o.PublicURL = "http://" + server.Listener.Addr().String()
	f := start(t, o, readers...)
	server.Config.Handler = f.engine
	server.Start()
	t.Cleanup(server.Close)
	return site{f, o.PublicURL}
}

func (s site) session(t *testing.T) string {
	t.Helper()
	return call(t, s.fixture, attrove.CreateConnectSession, attrove.ConnectSessionIn{UserID: s.me.UserID}).ActivationURL
}

// page is what a browser got.
type page struct {
	status int
	header http.Header
	body   string
}

// send sends a request as it is, and follows no redirect.
func (s site) send(t *testing.T, req *http.Request) page {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return page{resp.StatusCode, resp.Header, string(body)}
}

func (s site) get(t *testing.T, address string) page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	return s.send(t, req)
}

var csrfField = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// form is the request with which the form at address sends a file.
func (s site) form(t *testing.T, address, name, content string) *http.Request {
	t.Helper()
	found := csrfField.FindStringSubmatch(s.get(t, address).body)
	require.NotNil(t, found, "there is no form")
	return s.formWith(t, address, found[1], name, content)
}

func (s site) formWith(t *testing.T, address, csrf, name, content string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	require.NoError(t, w.WriteField("csrf", csrf))
	part, err := w.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = io.WriteString(part, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, &b)
	require.NoError(t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req
}

// finish follows an upload to its end: the result, or the form with a problem.
func (s site) finish(t *testing.T, sent page) page {
	t.Helper()
	require.Equal(t, http.StatusSeeOther, sent.status, sent.body)
	next := s.origin + sent.header.Get("Location")
	var last page
	require.Eventually(t, func() bool {
		last = s.get(t, next)
		return !strings.Contains(last.body, `id="importing"`)
	}, time.Minute, 20*time.Millisecond)
	if last.status == http.StatusSeeOther {
		last = s.get(t, s.origin+last.header.Get("Location"))
	}
	last.body = html.UnescapeString(last.body)
	return last
}

func mbox(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "From ann@acme.com Mon Nov  2 10:00:00 2026\nMessage-ID: <%d@acme.com>\nFrom: Ann <ann@acme.com>\n"+
			"To: me@example.com\nDate: Mon, 2 Nov 2026 10:00:%02d +0000\nSubject: Turbine %d\n\nThe turbine number %d is ready.\n\n", i, i%60, i, i)
	}
	return b.String()
}

func zipped(t *testing.T, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	require.NoError(t, err)
	_, err = io.WriteString(f, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// noUploads checks that no file lies beside a database.
func noUploads(t *testing.T, path string) {
	t.Helper()
	assert.Eventually(t, func() bool { // a file goes right after the link is used
		left, err := filepath.Glob(path + ".upload-*")
		return err == nil && len(left) == 0
	}, time.Minute, 5*time.Millisecond)
}
