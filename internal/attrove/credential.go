package attrove

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

// KeyPrefix begins every user's key (contract section 1).
const KeyPrefix = "sk_"

// PartnerAuth is how a partner's client id and secret travel. Attrove does not
// say; P-01 is our guess, and this the only place that knows it.
type PartnerAuth string

const (
	// PartnerBasic is HTTP Basic (RFC 7617), the default.
	PartnerBasic PartnerAuth = "basic"
	// PartnerHeaders is X-Client-Id and X-Client-Secret.
	PartnerHeaders PartnerAuth = "headers"
)

const partnerGuess = "how partner credentials travel is our guess (P-01): Attrove does not document it"

func (a PartnerAuth) check() error {
	switch a {
	case "", PartnerBasic, PartnerHeaders:
		return nil
	}
	return fmt.Errorf("partner authentication %q: must be %s or %s", string(a), PartnerBasic, PartnerHeaders)
}

type partner struct {
	id     string
	secret Secret
	auth   PartnerAuth
}

// header is one request header.
type header struct{ name, value string }

// credential is what one call proves its caller with.
type credential struct {
	headers []header
	secrets []string // what must not come back in an error
}

func (c credential) apply(h http.Header) {
	for _, one := range c.headers {
		h.Set(one.name, one.value)
	}
}

// mask replaces the credential wherever an upstream echoes it.
func (c credential) mask(text string) string {
	for _, secret := range c.secrets {
		text = strings.ReplaceAll(text, secret, mask)
	}
	return text
}

func (c *Client) credential(auth Auth, who Caller) (credential, *Error) {
	switch auth {
	case AuthUser:
		return userCredential(who)
	case AuthPartner:
		return c.partner.credential()
	case AuthNone:
	}
	return credential{}, nil
}

func userCredential(who Caller) (credential, *Error) {
	key := who.Key.Reveal()
	switch {
	case key == "":
		return credential{}, &Error{Code: CodeMissingKey, Message: "this call needs the user's sk_ key"}
	case !printable(key):
		return credential{}, &Error{Code: CodeMissingKey, Message: "the user's key holds spaces or characters that no key has"}
	case who.UserID == "":
		return credential{}, &Error{Code: CodeMissingKey, Message: "this call needs the user's id beside the key"}
	}
	return credential{headers: []header{{"Authorization", "Bearer " + key}}, secrets: []string{key}}, nil
}

func (p partner) credential() (credential, *Error) {
	secret := p.secret.Reveal()
	switch {
	case p.id == "" || secret == "":
		return credential{}, &Error{Code: CodeMissingKey, Message: "this call needs a partner's client id and secret"}
	case !printable(p.id) || !printable(secret):
		return credential{}, &Error{Code: CodeMissingKey, Message: "the client id or secret holds spaces or characters that neither has"}
	}
	if p.auth == PartnerHeaders {
		return credential{
			headers: []header{{"X-Client-Id", p.id}, {"X-Client-Secret", secret}},
			secrets: []string{secret},
		}, nil
	}
	basic := base64.StdEncoding.EncodeToString([]byte(p.id + ":" + secret))
	return credential{headers: []header{{"Authorization", "Basic " + basic}}, secrets: []string{secret, basic}}, nil
}

// printable refuses what cannot stand in a header, before an error of net/http
// could quote it.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
