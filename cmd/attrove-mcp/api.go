package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
	"github.com/attrove/attrove-mcp/internal/openapi"
	"github.com/attrove/attrove-mcp/internal/transport"
)

type apiCommand struct {
	Engine           config.Engine  `embed:""`
	Edge             config.Edge    `embed:"" set:"listen=127.0.0.1:8788"`
	UserKey          attrove.Secret `help:"The local user's key, sk_...; else a new one is made at each start." placeholder:"KEY"`
	ClientID         string         `help:"The local partner's client id." default:"local" placeholder:"ID"`
	ClientSecret     attrove.Secret `help:"The local partner's client secret; else a new one is made at each start." placeholder:"SECRET" xor:"client-secret"`
	ClientSecretFile string         `help:"A file with the client secret, instead of --client-secret." placeholder:"FILE" xor:"client-secret"`
	RedirectURL      string         `help:"Where browsers go after a source was connected: https, or on this machine." placeholder:"URL"`

	AllowPrivateWebhooks bool `help:"Let webhook endpoints be http, on this machine or in a private network: for development."`
}

// Validate checks what the flag parser cannot.
func (c *apiCommand) Validate() error {
	if key := c.UserKey.Reveal(); key != "" && !strings.HasPrefix(key, attrove.KeyPrefix) {
		return fmt.Errorf("--user-key: a user's key begins with %s", attrove.KeyPrefix)
	}
	if wrong := local.CheckRedirectURL(c.RedirectURL); c.RedirectURL != "" && wrong != "" {
		return fmt.Errorf("--redirect-url: %s", wrong)
	}
	if !c.Edge.Local() && c.ClientSecret == "" && c.ClientSecretFile == "" {
		return errors.New("--client-secret-file: needed with --listen elsewhere than on loopback, where no credential is printed")
	}
	return nil
}

// secret is the partner's client secret.
func (c *apiCommand) secret() (attrove.Secret, error) {
	switch {
	case c.ClientSecret != "":
		return c.ClientSecret, nil
	case c.ClientSecretFile == "":
		return attrove.Secret(rand.Text()), nil
	}
	content, err := os.ReadFile(c.ClientSecretFile)
	if err != nil {
		return "", usageError{fmt.Errorf("--client-secret-file: %w", err)}
	}
	secret := attrove.Secret(strings.TrimSpace(string(content)))
	if secret == "" {
		return "", usagef("--client-secret-file %s: there is nothing in it", c.ClientSecretFile)
	}
	return secret, nil
}

// Run serves the embedded engine's API until the process is told to stop. What
// to call it with is printed in the form that a shell or a .env file takes; for a
// server that others reach, whose output is likely to be kept, without credentials.
func (c *apiCommand) Run(ctx context.Context, a *app) (err error) {
	edge, err := a.edge(c.Edge)
	if err != nil {
		return err
	}
	listener, err := bind(ctx, c.Edge)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // Serve has closed it, or nothing was served
	secret, err := c.secret()
	if err != nil {
		return err
	}
	base := origin(c.Edge, listener.Addr())
	clock := local.NewClock(c.Engine.Now())
	options, err := a.engineOptions(c.Engine)
	if err != nil {
		return err
	}
	options.Now, options.LocalKey = clock.Now, c.UserKey
	options.ClientID, options.ClientSecret = c.ClientID, secret
	options.PublicURL, options.RedirectURL = base, c.RedirectURL
	if c.AllowPrivateWebhooks {
		options.WebhookTargets = webhooks.Any
	}
	engine := local.New(options)
	defer func() { err = errors.Join(err, engine.Close()) }()
	document, err := openapi.Handler(openapi.Options{Server: base})
	if err != nil {
		return err
	}
	user, err := engine.LocalCaller(ctx)
	if err != nil {
		return err
	}
	lines := [][2]string{{config.EnvBaseURL, base}, {config.EnvUserID, user.UserID}, {config.EnvClientID, c.ClientID}}
	if c.Edge.Local() {
		lines = append(lines, [2]string{config.EnvSecretKey, user.Key.Reveal()}, [2]string{config.EnvClientSecret, secret.Reveal()})
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(a.out, "%s=%s\n", line[0], line[1]); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	a.say("API: %s/v1, its document: %s%s, its clock: %s/clock\n", base, base, openapi.Path, base)
	mux := http.NewServeMux()
	mux.Handle("/", engine)
	mux.Handle("GET "+openapi.Path, document)
	mux.Handle("/clock", engine.ClockHandler(clock))
	mux.Handle("GET /healthz", transport.Healthy())
	return transport.Serve(ctx, listener, mux, edge, a.log)
}
