package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/rpc"
)

// maxBody is the most that one request may hold.
const maxBody = 1 << 20

// callTime is the most that one request may take that is not a stream. A call of
// a tool has a shorter deadline of its own, which it can answer better.
const callTime = time.Minute

// sendTime is how long an answer may take to be sent to whoever reads it slowly.
const sendTime = 30 * time.Second

const listenMethod = "subscriptions/listen"

// streams reports whether r says that it wants a stream. That its body says the
// same is checked before anything is done.
func streams(r *http.Request) bool { return r.Header.Get("Mcp-Method") == listenMethod }

// messages reads the message of each request, checks it against the headers, and
// hands it on in the context. Notifications and responses end here: a stateless
// server has nothing that they could act on.
func messages(within time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		accepts := accepted(r.Header.Values("Accept"))
		if refusal := unfit(r, accepts); refusal != nil {
			refusal.answer(w)
			return
		}
		body, refusal := readBody(w, r)
		if refusal != nil {
			refusal.answer(w)
			return
		}
		m, err := rpc.Read(body)
		if err == nil {
			err = checkHeaders(r.Header, m)
		}
		var wrong *rpc.Error
		switch {
		case errors.As(err, &wrong):
			fault(w, m, wrong)
			return
		case m.Response(), m.Notification():
			w.WriteHeader(http.StatusAccepted)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		ctx := rpc.WithMessage(r.Context(), m)
		if m.Method == listenMethod {
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		// Where no deadline can be set, in tests, none is needed.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(within + sendTime))
		answer := replyOf(w)
		if w = answer; !accepts.streams {
			w = whole{answer}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
		conclude(ctx, answer, within)
	})
}

// conclude answers where nobody has. Whoever hung up gets no answer: half a
// connection may be left to take nothing for one.
func conclude(ctx context.Context, answer *reply, within time.Duration) {
	switch {
	case answer.status != 0:
	case errors.Is(ctx.Err(), context.Canceled):
		panic(http.ErrAbortHandler)
	case ctx.Err() != nil:
		refuse(answer, http.StatusGatewayTimeout, attrove.CodeTimeout, fmt.Sprintf("there was no answer within %s", within))
	default:
		refuse(answer, http.StatusInternalServerError, attrove.CodeInternal, "something went wrong inside attrove-mcp")
	}
}

// unfit says why a request is refused whatever its body holds.
func unfit(r *http.Request, accepts media) *Refusal {
	contentType := r.Header.Get("Content-Type")
	if contentType != "application/json" { // mostly it is, to the letter
		contentType, _, _ = mime.ParseMediaType(contentType) // what is no media type is not this one
	}
	encoding := r.Header.Get("Content-Encoding")
	switch {
	case contentType != "application/json":
		return &Refusal{Status: http.StatusUnsupportedMediaType, Code: attrove.CodeInvalidRequest, Message: "the Content-Type must be application/json"}
	case encoding != "" && !strings.EqualFold(encoding, "identity"):
		return &Refusal{Status: http.StatusUnsupportedMediaType, Code: attrove.CodeInvalidRequest, Message: "compressed requests are not read; send none with a Content-Encoding"}
	case !accepts.json || streams(r) && !accepts.streams:
		return &Refusal{Status: http.StatusNotAcceptable, Code: attrove.CodeInvalidRequest, Message: "the Accept header must list application/json and text/event-stream"}
	case r.ContentLength > maxBody:
		return tooLarge()
	}
	return nil
}

func tooLarge() *Refusal {
	return &Refusal{Status: http.StatusRequestEntityTooLarge, Code: attrove.CodeTooLarge, Message: fmt.Sprintf("a request may hold %d bytes at most", maxBody)}
}

// readBody reads the body up to the limit. It takes memory as bytes arrive, not as
// the headers promise.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *Refusal) {
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), 16<<10)) + bytes.MinRead)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	var beyond *http.MaxBytesError
	switch {
	case err == nil:
		return body.Bytes(), nil
	case errors.As(err, &beyond):
		return nil, tooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &Refusal{Status: http.StatusRequestTimeout, Code: attrove.CodeTimeout, Message: "the request took too long to arrive"}
	}
	return nil, &Refusal{Status: http.StatusBadRequest, Code: attrove.CodeInvalidRequest, Message: "the request broke off"}
}

// media is what a client takes as an answer.
type media struct{ json, streams bool }

// accepted reads Accept headers; without one, everything is accepted (RFC 9110,
// section 12.5.1).
func accepted(headers []string) media {
	const usual = "application/json, text/event-stream" // what every SDK sends
	if len(headers) == 0 || len(headers) == 1 && headers[0] == usual {
		return media{json: true, streams: true}
	}
	var all media
	for _, header := range headers {
		for one := range strings.SplitSeq(header, ",") {
			kind, params, err := mime.ParseMediaType(one)
			if err != nil || strings.Trim(params["q"], "0.") == "" && params["q"] != "" {
				continue
			}
			switch kind {
			case "*/*":
				all = media{json: true, streams: true}
			case "application/json", "application/*":
				all.json = true
			case "text/event-stream", "text/*":
				all.streams = true
			}
		}
	}
	return all
}
