package gate

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/tools"
)

// validity is how long a question waits for its answer.
const validity = 10 * time.Minute

// sealPurpose keeps the keys from what else a secret may be used for.
const sealPurpose = "attrove-mcp question 1"

// promise is what a question was about. It travels through the client, sealed,
// so that any process with the key can act on the answer.
type promise struct {
	ID      string          `json:"id"` // of the question; as idempotency key it makes a repeat change nothing
	Caller  string          `json:"caller"`
	Tool    string          `json:"tool"`
	Sum     string          `json:"sum"` // of what would be sent
	Thing   tools.Thing     `json:"thing"`
	Until   time.Time       `json:"until"`
	Outcome json.RawMessage `json:"outcome,omitempty"` // what came of the call, where the question follows it
}

// hashOf is a hash of who is calling: the sealed text holds no credential.
func hashOf(who attrove.Caller) string {
	sum := sha256.Sum256([]byte(who.UserID + "\x00" + who.Key.Reveal()))
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// Seals are the secrets that questions are sealed with, which encrypt what a client
// holds on to, and show that it is unchanged. They are safe for concurrent use.
type Seals struct {
	secrets atomic.Pointer[[]attrove.Secret]
}

// NewSeals returns seals of one secret or more. The first seals, all of them open,
// so that a secret can be replaced while questions are open.
func NewSeals(secrets ...attrove.Secret) *Seals {
	s := new(Seals)
	s.Replace(secrets...)
	return s
}

// Replace has others, one or more, instead of the secrets.
func (s *Seals) Replace(secrets ...attrove.Secret) { s.secrets.Store(&secrets) }

func (s *Seals) seal(p promise) (string, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	aead, err := keyed((*s.secrets.Load())[0])
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	sealed := aead.Seal(nil, nil, plain, []byte(sealPurpose)) //nolint:gosec // the nonce is drawn inside
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

var errSeal = errors.New("the state is not one of this server's")

func (s *Seals) open(state string) (promise, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil {
		return promise{}, errSeal
	}
	for _, secret := range *s.secrets.Load() {
		aead, err := keyed(secret)
		if err != nil {
			return promise{}, fmt.Errorf("open: %w", err)
		}
		plain, err := aead.Open(nil, nil, sealed, []byte(sealPurpose))
		if err != nil {
			continue
		}
		var p promise
		if err := json.Unmarshal(plain, &p); err != nil {
			return promise{}, fmt.Errorf("open: %w", err)
		}
		return p, nil
	}
	return promise{}, errSeal
}

// keyed is AES-256-GCM, with a random nonce in front of each text.
func keyed(secret attrove.Secret) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, sealPurpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
