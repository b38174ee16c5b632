package attrove

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// maxText is the most of an upstream's words that an error repeats (P-04).
const maxText = 500

// unanswered is the error of a call that got no answer. Its message names the
// host alone: what net reports can hold addresses of a private network.
func (c *Client) unanswered(err error, deadline time.Duration) *Error {
	failure := &Error{Code: CodeNetwork, cause: err}
	switch {
	case errors.Is(err, circuitbreaker.ErrOpen):
		failure.Code, failure.RetryAfter = CodeUpstream, c.circuit.RemainingDelay()
		failure.Message = c.host + " failed several times in a row and is left alone for a moment"
	case errors.Is(err, context.Canceled):
		failure.Code, failure.Message = CodeCancelled, "the call was cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		failure.Code = CodeTimeout
		failure.Message = fmt.Sprintf("%s did not answer in time (%s at most)", c.host, deadline)
	default:
		failure.Message = "cannot reach " + c.host + ": " + networkReason(err)
	}
	return failure
}

func networkReason(err error) string {
	var (
		name *net.DNSError
		cert *tls.CertificateVerificationError
		tout net.Error
	)
	switch {
	case errors.As(err, &name):
		return "its name cannot be resolved"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.As(err, &cert):
		return "its certificate cannot be trusted"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "the connection broke off"
	case errors.As(err, &tout) && tout.Timeout():
		return "connecting took too long"
	}
	return "the connection failed"
}

// refused is the error of a call that the upstream answered with another status
// than success.
func (c *Client) refused(m Meta, cred credential, args json.RawMessage, o outcome) *Error {
	body := readProblem(o.body)
	failure := &Error{
		Code:       codeOf(o.status, body.code),
		Message:    clean(cred, body.message),
		Status:     o.status,
		Field:      clean(cred, body.field),
		RetryAfter: o.retryAfter,
		RequestID:  clean(cred, body.requestID),
	}
	if details := []byte(cred.mask(string(body.details))); json.Valid(details) && string(details) != "null" {
		failure.Details = details
	}
	if failure.Message == "" {
		failure.Message = fmt.Sprintf("%s answered %d %s", c.host, o.status, http.StatusText(o.status))
	}
	if o.status >= 300 && o.status < 400 {
		failure.Message = fmt.Sprintf("%s answered with a redirect (%d), which is never followed", c.host, o.status)
	}
	if !c.ours {
		failure.Guess = guessOf(m, args, failure)
	}
	return failure
}

// codeOf classifies by status first and lets the upstream's code refine that
// (P-04): a code that belongs to another status is not believed.
func codeOf(status int, code string) string {
	byStatus, fixed := statusCode(status)
	if fixed || code == "" {
		return byStatus
	}
	for _, other := range []int{400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 501, 502, 507} {
		if known, _ := statusCode(other); known == code && code != byStatus {
			return byStatus
		}
	}
	return code
}

// statusCode is the code for a status, and whether no other can stand for it.
func statusCode(status int) (code string, fixed bool) {
	switch status {
	case http.StatusUnauthorized:
		return CodeAuthentication, true
	case http.StatusForbidden:
		return CodeForbidden, false
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return CodeNotFound, false
	case http.StatusConflict:
		return CodeConflict, false
	case http.StatusGone:
		return CodeGone, false
	case http.StatusRequestEntityTooLarge:
		return CodeTooLarge, true
	case http.StatusUnprocessableEntity:
		return CodeValidation, false
	case http.StatusTooManyRequests:
		return CodeRateLimited, true
	case http.StatusNotImplemented:
		return CodeNotImplemented, true
	case http.StatusInsufficientStorage:
		return CodeStorageFull, true
	case http.StatusInternalServerError:
		return CodeInternal, false
	}
	if status >= 400 && status < 500 {
		return CodeInvalidRequest, false
	}
	return CodeUpstream, true
}

// clean makes an upstream's words fit for an error: no credential, no control or
// invisible characters, not too many.
func clean(cred credential, text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	text = cred.mask(strings.TrimSpace(text))
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText]) + "…"
	}
	return text
}
