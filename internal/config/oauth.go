package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// OAuth is whose access tokens the HTTP server takes instead of keys.
type OAuth struct {
	PublicURL  string `name:"public-url" help:"The origin under which clients reach this server, such as https://mcp.example.com; else the address that it listens on." placeholder:"URL"`
	Issuer     string `name:"oauth-issuer" help:"Accept access tokens of this OAuth issuer instead of users' keys." placeholder:"URL"`
	Audience   string `name:"oauth-audience" help:"The audience (aud) of tokens for this server, often its URL." placeholder:"TEXT"`
	ReadScope  string `name:"oauth-read-scope" help:"The scope that every token needs; empty is none." default:"attrove:read"`
	WriteScope string `name:"oauth-write-scope" help:"The scope that a token needs to change something; it includes the read scope. Empty is the read scope." default:"attrove:write"`
	UserMap    `embed:""`
}

// UserMap is where it is written which Attrove user the subject of a token is.
type UserMap struct {
	Path    string `name:"oauth-user-map" help:"The user map: which Attrove user each subject of a token is, encrypted with age. The users commands make and change it." placeholder:"FILE"`
	KeyFile string `name:"oauth-user-map-key-file" help:"The key of the user map, as attrove-mcp users key makes it; else it is in ATTROVE_MCP_OAUTH_USER_MAP_KEY." placeholder:"FILE"`
}

// envUserMapKey holds the key itself.
const envUserMapKey = EnvPrefix + "_OAUTH_USER_MAP_KEY"

// Validate checks what the flag parser cannot.
func (o OAuth) Validate() error {
	if o.PublicURL != "" {
		if u, err := secureURL("--public-url", o.PublicURL); err != nil {
			return err
		} else if strings.Trim(u.Path, "/") != "" {
			return fmt.Errorf("--public-url %s: must be an origin, such as https://mcp.example.com, without a path", o.PublicURL)
		}
	}
	if o.Issuer == "" {
		if o.Audience != "" || o.Path != "" {
			return errors.New("--oauth-audience and --oauth-user-map: need --oauth-issuer")
		}
		return nil
	}
	if _, err := secureURL("--oauth-issuer", o.Issuer); err != nil {
		return err
	}
	switch {
	case o.Audience == "":
		return errors.New("--oauth-issuer: needs --oauth-audience, without which tokens for other servers would be taken")
	case strings.ContainsFunc(o.Audience, outside):
		return fmt.Errorf("--oauth-audience %q: must be of letters, digits and signs, without quotes", o.Audience)
	case o.Path == "":
		return errors.New("--oauth-issuer: needs --oauth-user-map, which says who the subjects of tokens are; `attrove-mcp users add` makes it")
	}
	for flag, scope := range map[string]string{"--oauth-read-scope": o.ReadScope, "--oauth-write-scope": o.WriteScope} {
		if strings.ContainsFunc(scope, outside) { // RFC 6749, section 3.3
			return fmt.Errorf("%s %q: must be one scope, without spaces and quotes", flag, scope)
		}
	}
	return nil
}

// Origin is the public URL without a slash at its end; "" when none is given.
func (o OAuth) Origin() string { return strings.TrimSuffix(o.PublicURL, "/") }

// outside are characters that no scope may hold, and no challenge could quote.
func outside(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }

// secureURL reads an https URL without query and fragment (RFC 8414, section 2);
// http is for this machine only.
func secureURL(flag, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsFunc(text, outside):
		return nil, fmt.Errorf("%s: must be a URL such as https://example.com, without credentials, query and fragment", flag)
	case u.Scheme == "https", u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()):
		return u, nil
	}
	return nil, fmt.Errorf("%s %s: must be https; http is for this machine only", flag, text)
}

// Key reads the key of the user map from its file, or from the environment.
func (m UserMap) Key(env Lookup) (attrove.Secret, error) {
	if m.KeyFile != "" {
		key, err := os.ReadFile(m.KeyFile)
		if err != nil {
			return "", fmt.Errorf("--oauth-user-map-key-file: %w", err)
		}
		return attrove.Secret(key), nil
	}
	key, _ := env(envUserMapKey)
	if strings.TrimSpace(key) == "" || placeholderIn(key) {
		return "", fmt.Errorf("the user map needs its key: --oauth-user-map-key-file FILE, or %s in the environment; `attrove-mcp users key FILE` makes one", envUserMapKey)
	}
	return attrove.Secret(strings.ReplaceAll(key, ",", "\n")), nil
}
