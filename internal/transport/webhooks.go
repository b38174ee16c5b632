package transport

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/rs/zerolog"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// WebhooksPath is where Attrove tells what happened.
const WebhooksPath = "/webhooks/attrove"

const (
	// maxWebhook is the most that one may hold: Attrove sends ids, no content (P-19).
	maxWebhook = 64 << 10
	// minWebhookSecret is the least length of a signing secret (P-19). A shorter one
	// could be guessed, and with an empty one everybody could sign.
	minWebhookSecret = 24
)

// Webhooks receives what Standard Webhooks 1.0.0 describes
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
// It is safe for concurrent use.
type Webhooks struct {
	verifiers atomic.Pointer[[]*standardwebhooks.Webhook]
	changed   func(user string)
	log       zerolog.Logger
}

// NewWebhooks returns what receives Attrove's webhooks. Those that one of the
// secrets has signed (whsec_ and base64) within five minutes have changed called
// with the user whom they are about; it must not wait. A webhook that comes twice
// has it called twice. Errors name no secret.
func NewWebhooks(secrets []attrove.Secret, changed func(user string), log zerolog.Logger) (*Webhooks, error) {
	h := &Webhooks{changed: changed, log: log}
	return h, h.Replace(secrets)
}

// Replace has others instead of the secrets, which stay after an error.
func (h *Webhooks) Replace(secrets []attrove.Secret) error {
	if len(secrets) == 0 {
		return errors.New("webhooks need a signing secret")
	}
	var verifiers []*standardwebhooks.Webhook
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret.Reveal(), "whsec_"))
		if err != nil || len(key) < minWebhookSecret {
			return fmt.Errorf("a webhook's signing secret must be whsec_ and %d bytes or more in base64, as Attrove showed it", minWebhookSecret)
		}
		verifier, err := standardwebhooks.NewWebhookRaw(key)
		if err != nil {
			return errors.New("a webhook's signing secret cannot be used")
		}
		verifiers = append(verifiers, verifier)
	}
	h.verifiers.Store(&verifiers)
	return nil
}

// ServeHTTP implements http.Handler.
func (h *Webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := h.receive(w, r)
	h.log.Info().Int("status", status).Msg("webhook")
}

// receive answers, and returns with what status.
func (h *Webhooks) receive(w http.ResponseWriter, r *http.Request) (status int) {
	refused := func(status int, code, message string) int {
		refuse(w, status, code, message)
		return status
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return refused(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "use POST")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refused(http.StatusRequestEntityTooLarge, attrove.CodeTooLarge, fmt.Sprintf("a webhook may hold %d bytes at most", maxWebhook))
	case err != nil:
		return refused(http.StatusBadRequest, attrove.CodeInvalidRequest, "the request broke off")
	}
	switch err := h.verify(body, r.Header); {
	case errors.Is(err, standardwebhooks.ErrRequiredHeaders), errors.Is(err, standardwebhooks.ErrInvalidHeaders):
		return refused(http.StatusBadRequest, attrove.CodeInvalidRequest, "a webhook needs the headers webhook-id, webhook-timestamp (Unix seconds) and webhook-signature")
	case err != nil:
		return refused(http.StatusUnauthorized, attrove.CodeAuthentication, "the signature is not one of Attrove's for this message and time")
	}
	var event struct {
		Data struct {
			UserID string `json:"user_id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return refused(http.StatusBadRequest, attrove.CodeInvalidRequest, "the body is not the JSON object that webhooks are")
	}
	// Whatever happened, to look costs little, and Attrove does not say which events
	// there are (P-18).
	if event.Data.UserID != "" {
		h.changed(event.Data.UserID)
	}
	w.WriteHeader(http.StatusNoContent)
	return http.StatusNoContent
}

// verify returns nil when one of the secrets has signed the body.
func (h *Webhooks) verify(body []byte, headers http.Header) (err error) {
	for _, verifier := range *h.verifiers.Load() {
		if err = verifier.Verify(body, headers); err == nil {
			return nil
		}
	}
	return err
}
