package webhooks

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// maxAnswer is how much of an answer's body is read, and thrown away, so that the
// connection can be used again.
const maxAnswer = 64 << 10

// answer is what came of a request.
type answer struct {
	status     int    // 0 when no answer came
	failure    string // why it is no success; ""
	retryAfter time.Duration
	took       time.Duration
}

// send makes one request. Its timestamp is of the real clock, whatever time the
// engine pretends it is: receivers compare it with theirs.
func (s *Sender) send(ctx context.Context, hook store.Webhook, d store.Delivery, body []byte) answer {
	began := time.Now()
	if wrong := s.o.Targets.Check(hook.URL); wrong != "" { // it was allowed when it was made
		return answer{failure: "refused: the url " + wrong}
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return answer{failure: "the URL cannot be used"}
	}
	signatures, err := s.sign(hook, d.EventID, began, body)
	if err != nil {
		return answer{failure: "the signing secret cannot be used"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "attrove-mcp")
	req.Header.Set(standardwebhooks.HeaderWebhookID, d.EventID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(began.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signatures)
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{failure: s.describe(err), took: time.Since(began)}
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // the status has said it all
	a := answer{status: resp.StatusCode, took: time.Since(began)}
	switch status := resp.StatusCode; {
	case status >= 200 && status < 300:
	case status >= 300 && status < 400:
		a.failure = fmt.Sprintf("answered %d: redirects are not followed, change the endpoint's url instead", status)
	default:
		a.failure = fmt.Sprintf("answered %d", status)
	}
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		a.retryAfter, _ = attrove.ParseRetryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	return a
}

// sign signs with the secret, and with the one before while that is good (P-20).
func (s *Sender) sign(hook store.Webhook, id string, at time.Time, body []byte) (string, error) {
	secrets := []attrove.Secret{hook.Secret}
	if hook.PreviousSecret != "" && s.o.Now().Before(hook.PreviousUntil) {
		secrets = append(secrets, hook.PreviousSecret)
	}
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signer, err := standardwebhooks.NewWebhook(secret.Reveal())
		if err != nil {
			return "", err
		}
		if signatures[i], err = signer.Sign(id, at, body); err != nil {
			return "", err
		}
	}
	return strings.Join(signatures, " "), nil
}

// describe says in our own words why no answer came: an error's own may quote
// what the other side sent, or where the request went.
func (s *Sender) describe(err error) string {
	var lookup *net.DNSError
	var certificate *tls.CertificateVerificationError
	var network *net.OpError
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP):
		return "refused: the host is not at a public address"
	case errors.As(err, &lookup):
		return "the host's name cannot be resolved"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer within " + s.o.Timeout.String()
	case errors.As(err, &certificate):
		return "the host's certificate cannot be verified"
	case errors.As(err, &network) && network.Op == "dial":
		return "cannot connect to the host"
	}
	return "the connection broke off"
}
