package local

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local/connect"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// ConnectPage says whether an engine that holds nothing offers its local user
// the page where a source is connected.
type ConnectPage int

const (
	// ConnectOnRequest is for engines whose pages are served with them, or not at
	// all: a partner's connect session leads there.
	ConnectOnRequest ConnectPage = iota
	// ConnectOnLoopback serves the page on a listener of its own, which is opened
	// when somebody asks what is connected and nothing is.
	ConnectOnLoopback
)

// CheckRedirectURL says what is wrong with an Options.RedirectURL, or "".
func CheckRedirectURL(text string) string { return connect.CheckRedirect(text) }

// startConnect starts what is behind the page.
func (e *Engine) startConnect(ctx context.Context, c *core) {
	c.connect = connect.Start(ctx, connect.Options{
		Store: c.store, Path: e.o.Path, PublicURL: e.o.PublicURL, RedirectURL: e.o.RedirectURL, Now: e.o.Now, Log: e.o.Log,
		MaxUpload: e.o.MaxUpload,
		Push:      func(user store.User) importer.Pusher { return e.pusher(c, user) },
		Drain:     c.drain,
	})
	c.offer = func(ctx context.Context, user store.User) string {
		local, err := e.localUser(ctx, c)
		if err != nil || e.o.ConnectPage != ConnectOnLoopback || user.ID != local.ID {
			return ""
		}
		link, err := c.connect.Offer(ctx, user.ID)
		if err != nil {
			e.o.Log.Warn().Err(err).Msg("cannot offer the connect page")
		}
		return link.URL
	}
}

// serveConnect serves the page. A browser gets a page also when there is no
// database.
func (e *Engine) serveConnect(w http.ResponseWriter, r *http.Request) {
	core, err := e.open(r.Context())
	if err != nil {
		writeProblem(w, e.o.Log, err)
		return
	}
	core.connect.ServeHTTP(w, r)
}

func createConnectSession(ctx context.Context, who Caller, in attrove.ConnectSessionIn) (attrove.ConnectSession, error) {
	var found problems
	found.add("provider", checkProvider(in.Provider))
	if displays := []string{"", "popup", "redirect"}; !slices.Contains(displays, in.Display) { // P-14
		found.add("display", "must be popup or redirect")
	}
	wanted, err := who.wanted(ctx, in.UserID, found)
	if err != nil {
		return attrove.ConnectSession{}, err
	}
	wanted.Provider = in.Provider
	link, err := who.core.connect.Session(ctx, wanted)
	if err != nil {
		return attrove.ConnectSession{}, nowhere(err)
	}
	out := attrove.ConnectSession{SessionID: link.Key, ActivationURL: link.URL, ExpiresAt: index.Time(link.ExpiresAt)}
	if in.IncludeInstall {
		out.CLI, out.Install = install(who.core.connect.Origin(), in.UserID)
	}
	return out, nil
}

func createConnectToken(ctx context.Context, who Caller, in attrove.ConnectTokenIn) (attrove.ConnectToken, error) {
	var found problems
	found.add("provider", checkProvider(in.Provider))
	if in.RedirectURL != "" {
		found.add("redirect_url", connect.CheckRedirect(in.RedirectURL))
	}
	wanted, err := who.wanted(ctx, in.UserID, found)
	if err != nil {
		return attrove.ConnectToken{}, err
	}
	wanted.Provider, wanted.RedirectURL = in.Provider, in.RedirectURL
	link, err := who.core.connect.Token(ctx, wanted)
	if err != nil {
		return attrove.ConnectToken{}, nowhere(err)
	}
	return attrove.ConnectToken{Token: link.Key, ExpiresAt: index.Time(link.ExpiresAt), ConnectURL: link.URL}, nil
}

// wanted is a link for a user who exists, unless something else is wrong.
func (c Caller) wanted(ctx context.Context, userID string, found problems) (connect.Wanted, error) {
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return connect.Wanted{}, err
	}
	user, err := c.core.store.User(ctx, userID)
	if errors.Is(err, store.ErrNotFound) {
		return connect.Wanted{}, notFound("user")
	}
	return connect.Wanted{UserID: user.ID}, err
}

// checkProvider says which providers can be connected by handing over a file.
func checkProvider(provider string) string {
	known := connect.Providers()
	switch {
	case provider == "", slices.Contains(known, provider):
		return ""
	case slices.Contains([]string{"google_meet", "teams", "microsoft_teams"}, provider):
		return "cannot be connected here: this engine takes files, of " + strings.Join(known, ", ")
	}
	return "must be one of " + strings.Join(known, ", ")
}

// nowhere says what to do when the page is served nowhere.
func nowhere(err error) error {
	if errors.Is(err, connect.ErrNowhere) {
		return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeConflict,
			Message: "this process serves no pages for a browser: start attrove-mcp api on the same database, and create it there"}
	}
	return err
}

// install is how the same user works from a terminal and in assistants: against
// this engine, with the key that was shown when the user was created.
func install(origin, userID string) (*attrove.CLICommand, attrove.Object) {
	settings := [][2]string{{"ATTROVE_BASE_URL", origin}, {"ATTROVE_USER_ID", userID}, {"ATTROVE_SECRET_KEY", "sk_YOUR_KEY"}}
	var shell, flags strings.Builder
	env := attrove.Object{}
	for _, one := range settings {
		name, value := one[0], one[1]
		shell.WriteString(name + "=" + value + " ")
		flags.WriteString(" --env " + name + "=" + value)
		env[name] = value
	}
	server := attrove.Object{"command": "attrove-mcp", "args": []string{"stdio"}, "env": env}
	return &attrove.CLICommand{Command: shell.String() + "attrove-mcp import mailbox.mbox"}, attrove.Object{
		"claude_code":    "claude mcp add attrove" + flags.String() + " -- attrove-mcp stdio",
		"codex":          "codex mcp add attrove" + flags.String() + " -- attrove-mcp stdio",
		"claude_desktop": attrove.Object{"mcpServers": attrove.Object{"attrove": server}},
		"cursor":         attrove.Object{"mcpServers": attrove.Object{"attrove": server}},
	}
}
