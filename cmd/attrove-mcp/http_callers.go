package main

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/oauth"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// checkCallers refuses to have whoever comes be the engine's user.
func checkCallers(b config.Backend, o config.OAuth, e config.Edge) error {
	switch remote := e.BehindProxy || !e.Local(); {
	case b.Embedded() && o.Issuer == "" && remote:
		return errors.New("--listen, --behind-proxy: the embedded engine is served without keys, so on loopback only; with --oauth-issuer others can be told apart")
	case o.Issuer != "" && remote && o.PublicURL == "" && len(e.AllowedHosts) == 0:
		return errors.New("--oauth-issuer: also needs --public-url, the origin under which clients reach this server")
	}
	return nil
}

// callers says whose a request is: the subject's of its token, the engine's one
// user's, or whose key it carries. For tokens there is metadata.
func (a *app) callers(ctx context.Context, c *httpCommand, o *operation, b *backend, address net.Addr) (callers transport.Callers, metadata http.Handler, err error) {
	switch {
	case c.OAuth.Issuer != "":
		users, err := a.users(c.OAuth)
		if err != nil {
			return nil, nil, err
		}
		o.reloads = append(o.reloads, reload{"user map", users.Reload})
		at := c.OAuth.Origin()
		if at == "" {
			at = origin(c.Edge, address)
		}
		tokens := transport.OAuth{
			Verifier: oauth.New(oauth.Options{Issuer: c.OAuth.Issuer, Audience: c.OAuth.Audience}), Users: users,
			Resource: at + transport.Path, Read: c.OAuth.ReadScope, Write: c.OAuth.WriteScope,
		}
		return tokens, tokens.Metadata(), nil
	case b.engine == nil:
		return transport.HeaderKeys{}, nil, nil
	}
	if _, err := b.engine.OnlyUser(ctx); err != nil {
		return nil, nil, err
	}
	return transport.Keyless{User: b.engine.OnlyUser}, nil, nil
}

// users are whom the subjects of tokens stand for.
func (a *app) users(c config.OAuth) (*oauth.Users, error) {
	key, err := c.Key(a.env)
	if err != nil {
		return nil, usageError{err}
	}
	users, err := oauth.OpenUsers(oauth.File{Path: c.Path, Keys: key}, c.Issuer)
	if err != nil {
		return nil, usageError{err}
	}
	return users, nil
}
