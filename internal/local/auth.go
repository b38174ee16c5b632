package local

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// newKey returns a new user key of 256 random bits.
func newKey() attrove.Secret {
	random := make([]byte, 32)
	rand.Read(random) // never fails since Go 1.24
	return attrove.Secret(attrove.KeyPrefix + hex.EncodeToString(random))
}

// hashKey is all that is kept of a key. Keys are as random as the hash is long,
// so no salt and no slow hash would make them harder to guess.
func hashKey(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

func unauthorized(message string) error {
	return &attrove.Error{Status: http.StatusUnauthorized, Code: attrove.CodeAuthentication, Message: message}
}

// admit opens the database and tells whom a request is from.
func (e *Engine) admit(r *http.Request, m attrove.Meta) (Caller, error) {
	core, err := e.open(r.Context())
	if err != nil {
		return Caller{}, err
	}
	who := Caller{Now: e.o.Now(), core: core}
	switch m.Auth {
	case attrove.AuthPartner:
		return who, e.checkPartner(r)
	case attrove.AuthNone:
		return who, nil
	case attrove.AuthUser:
	}
	if who.User, err = e.userOf(r, core); err != nil {
		return Caller{}, err
	}
	if r.PathValue("user_id") != who.User.ID {
		return Caller{}, notFound("user") // and not whether somebody else has that id (P-04)
	}
	return who, nil
}

func (e *Engine) userOf(r *http.Request, core *core) (store.User, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(key, attrove.KeyPrefix) {
		return store.User{}, unauthorized("send the user's key as Authorization: Bearer sk_...")
	}
	hash := hashKey(key)
	if subtle.ConstantTimeCompare(hash, hashKey(e.o.LocalKey.Reveal())) == 1 {
		return e.localUser(r.Context(), core)
	}
	user, err := core.store.UserByKey(r.Context(), hash)
	if errors.Is(err, store.ErrNotFound) {
		return store.User{}, unauthorized("no user has this key")
	}
	return user, err
}

// checkPartner takes both ways in which P-01 has a partner's credentials travel.
func (e *Engine) checkPartner(r *http.Request) error {
	if e.o.ClientID == "" || e.o.ClientSecret == "" {
		return unauthorized("this engine was started without partner credentials")
	}
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.Header.Get("X-Client-Id"), r.Header.Get("X-Client-Secret")
	}
	same := subtle.ConstantTimeCompare(hashKey(id), hashKey(e.o.ClientID)) &
		subtle.ConstantTimeCompare(hashKey(secret), hashKey(e.o.ClientSecret.Reveal()))
	if same != 1 {
		return unauthorized("send the partner's client id and secret as HTTP Basic, or as X-Client-Id and X-Client-Secret")
	}
	return nil
}
