package local

import (
	"bytes"
	"io"
	"net/http"
)

// Transport returns a round tripper that calls the engine in this process.
func (e *Engine) Transport() http.RoundTripper { return transport{e} }

type transport struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper. The handler runs by itself, so that
// the request's context ends the wait for it.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	in := req.Clone(req.Context())
	in.RequestURI = req.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	reply := make(chan *http.Response, 1)
	go func() {
		r := &recorder{header: http.Header{}}
		defer func() { _ = in.Body.Close() }() // it was only read
		t.handler.ServeHTTP(r, in)
		reply <- r.response(req) //nolint:bodyclose // whoever sent the request closes it
	}()
	select {
	case resp := <-reply:
		return resp, nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// recorder keeps a response.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) response(req *http.Request) *http.Response {
	r.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: http.StatusText(r.status), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header, Body: io.NopCloser(&r.body), ContentLength: int64(r.body.Len()), Request: req,
	}
}
