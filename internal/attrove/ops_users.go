package attrove

import (
	"context"
	"net/http"
	"time"
)

const groupUsers = "User Management"

// CreateUserIn is the body of CreateUser.
type CreateUserIn struct {
	Email      string `json:"email" evidence:"D" jsonschema:"minLength=3" jsonschema_description:"The user's e-mail address."`
	FirstName  string `json:"first_name,omitempty" evidence:"P-11" jsonschema_description:"Given name."`
	LastName   string `json:"last_name,omitempty" evidence:"P-11" jsonschema_description:"Family name."`
	Timezone   string `json:"timezone,omitempty" evidence:"P-11" jsonschema_description:"IANA time zone such as Europe/Berlin."`
	ExternalID string `json:"external_id,omitempty" evidence:"P-11" jsonschema_description:"The partner's own id for the user."`
	Metadata   Object `json:"metadata,omitempty" evidence:"P-11" jsonschema_description:"Free-form data kept with the user."`
}

// User is a user's profile.
type User struct {
	ID         string   `json:"id" evidence:"D" jsonschema_description:"The user's UUID."`
	Email      string   `json:"email" evidence:"I+" jsonschema_description:"The user's e-mail address."`
	FirstName  string   `json:"first_name,omitempty" evidence:"P-11" jsonschema_description:"Given name."`
	LastName   string   `json:"last_name,omitempty" evidence:"P-11" jsonschema_description:"Family name."`
	Timezone   string   `json:"timezone,omitempty" evidence:"P-11" jsonschema_description:"IANA time zone."`
	ExternalID string   `json:"external_id,omitempty" evidence:"P-11" jsonschema_description:"The partner's own id for the user."`
	Metadata   Object   `json:"metadata,omitempty" evidence:"P-11" jsonschema_description:"Free-form data kept with the user."`
	CreatedAt  DateTime `json:"created_at" evidence:"P-11" jsonschema_description:"When the user was created."`
	UpdatedAt  DateTime `json:"updated_at,omitempty" evidence:"P-11" jsonschema_description:"When the profile last changed."`
}

// Zone is the user's time zone, UTC when the profile names none that is known.
func (u User) Zone() *time.Location {
	if u.Timezone == "" || u.Timezone == "Local" { // which is the server's and not the user's
		return time.UTC
	}
	zone, err := time.LoadLocation(u.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ZoneOf is the time zone in a user's profile, UTC when there is none to be had.
func ZoneOf(ctx context.Context, c *Client, who Caller) *time.Location {
	reply, err := GetProfile.Call(ctx, c, who, None{})
	if err != nil {
		return time.UTC
	}
	user, err := reply.Value()
	if err != nil {
		return time.UTC
	}
	return user.Zone()
}

// NewUser is a user with the key that is shown once.
type NewUser struct {
	User
	APIKey string `json:"api_key" mcp:"secret" evidence:"I+" jsonschema_description:"The user's permanent sk_ key, shown once."`
}

// ConnectSessionIn is the body of CreateConnectSession.
type ConnectSessionIn struct {
	UserID         string `json:"user_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The user who connects."`
	Provider       string `json:"provider,omitempty" evidence:"D" jsonschema_description:"What to connect, such as gmail."`
	Display        string `json:"display,omitempty" evidence:"D" jsonschema_description:"How the page opens: popup, or redirect (our guess)."`
	IncludeInstall bool   `json:"include_install,omitempty" evidence:"I+" jsonschema_description:"Also return CLI and MCP install artifacts."`
}

// CLICommand is a command for a terminal.
type CLICommand struct {
	Command string `json:"command" evidence:"D" jsonschema_description:"The command to run."`
}

// ConnectSession lets a user connect a source in a browser; it lives 7 days.
type ConnectSession struct {
	SessionID     string      `json:"session_id" evidence:"D" jsonschema_description:"The session's UUID."`
	ActivationURL string      `json:"activation_url" evidence:"D" jsonschema_description:"The page for the user to open."`
	ExpiresAt     DateTime    `json:"expires_at" evidence:"D" jsonschema_description:"When the session ends."`
	CLI           *CLICommand `json:"cli,omitempty" evidence:"D" jsonschema_description:"The same from a terminal."`
	Install       Object      `json:"install,omitempty" evidence:"D" jsonschema_description:"Install artifacts; shape undocumented."`
}

// ConnectPageIn is the query of ConnectPage.
type ConnectPageIn struct {
	Session string `json:"session" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The connect session's id."`
}

// ConnectTokenIn is the body of CreateConnectToken, all of it our guess.
type ConnectTokenIn struct {
	UserID      string `json:"user_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The user who connects."`
	Provider    string `json:"provider,omitempty" evidence:"P-15" jsonschema_description:"What to connect, such as gmail."`
	RedirectURL string `json:"redirect_url,omitempty" evidence:"P-15" jsonschema_description:"Where the browser goes afterwards; Attrove documents it as a dashboard setting."`
}

// ConnectToken is a short-lived token of the older way to connect.
type ConnectToken struct {
	Token      string   `json:"token" mcp:"secret" evidence:"P-15" jsonschema_description:"A pit_ token, good once."`
	ExpiresAt  DateTime `json:"expires_at" evidence:"P-15" jsonschema_description:"When it ends, after 10 minutes."`
	ConnectURL string   `json:"connect_url,omitempty" evidence:"P-15" jsonschema_description:"The page for the user to open."`
}

// Settings are an organization's sync settings. Attrove documents no field: these
// are our guesses, and the object is open.
type Settings struct {
	HistoryDays             int      `json:"history_days,omitempty" evidence:"P-16" jsonschema_description:"Days of history to sync: what is older is not taken."`
	SyncIntervalMinutes     int      `json:"sync_interval_minutes,omitempty" evidence:"P-16" jsonschema_description:"Minutes between syncs. The embedded engine refuses it: nothing is fetched there."`
	DefaultConversationSync string   `json:"default_conversation_sync,omitempty" evidence:"P-16" jsonschema_description:"What new conversations do: all or none."`
	ExcludedDomains         []string `json:"excluded_domains,omitempty" evidence:"P-16" jsonschema_description:"Domains never synced, with those below them. In the embedded engine that is what anybody of theirs takes part in."`
	UpdatedAt               DateTime `json:"updated_at,omitempty" evidence:"P-16" jsonschema_description:"When they last changed."`
}

// UpdateSettingsIn is a partial change of Settings (P-16: RFC 7396 merge).
type UpdateSettingsIn struct {
	HistoryDays             Opt[int]      `json:"history_days,omitzero" mcp:"clear" evidence:"P-16" jsonschema_description:"Days of history to sync: what is older is not taken."`
	SyncIntervalMinutes     Opt[int]      `json:"sync_interval_minutes,omitzero" mcp:"clear" evidence:"P-16" jsonschema_description:"Minutes between syncs. The embedded engine refuses it: nothing is fetched there."`
	DefaultConversationSync Opt[string]   `json:"default_conversation_sync,omitzero" mcp:"clear" evidence:"P-16" jsonschema_description:"What new conversations do: all or none."`
	ExcludedDomains         Opt[[]string] `json:"excluded_domains,omitzero" mcp:"clear" evidence:"P-16" jsonschema_description:"Domains never synced, with those below them. In the embedded engine that is what anybody of theirs takes part in."`
}

// The operations of user management, for partners (contract section 3).
var (
	CreateUser = Operation[CreateUserIn, NewUser]{Meta{
		Name: "create_user", Row: 1, Group: groupUsers, Method: http.MethodPost, Path: "/v1/users",
		Summary: "Create a user and return its permanent key.", Auth: AuthPartner, Effect: Write, Status: 201, Evidence: Documented}}
	CreateConnectSession = Operation[ConnectSessionIn, ConnectSession]{Meta{
		Name: "create_connect_session", Row: 2, Group: groupUsers, Method: http.MethodPost, Path: "/v1/users/{user_id}/connect-sessions",
		Summary: "Create a session in which a user connects a source.", Auth: AuthPartner, Effect: Write, Status: 201, Evidence: Documented}}
	// ConnectPage is a page for a browser and is never called.
	ConnectPage = Operation[ConnectPageIn, None]{Meta{
		Name: "connect_page", Row: 3, Group: groupUsers, Method: http.MethodGet, Path: "/integrations/connect",
		Summary: "The page a user opens to connect a source.", Auth: AuthNone, Effect: Read, Status: 200, Evidence: Documented,
		Page: "https://connect.attrove.com"}}
	CreateConnectToken = Operation[ConnectTokenIn, ConnectToken]{Meta{
		Name: "create_connect_token", Row: 4, Group: groupUsers, Method: http.MethodPost, Path: "/v1/users/{user_id}/integrations/connect",
		Summary: "Create a short-lived token to connect a source the older way.", Auth: AuthPartner, Effect: Write, Status: 200, Evidence: Documented}}
	GetSettings = Operation[None, Settings]{Meta{
		Name: "get_settings", Row: 5, Group: groupUsers, Method: http.MethodGet, Path: "/v1/users/settings",
		Summary: "Read the organization's sync settings.", Auth: AuthPartner, Effect: Read, Status: 200, Evidence: Documented}}
	UpdateSettings = Operation[UpdateSettingsIn, Settings]{Meta{
		Name: "update_settings", Row: 6, Group: groupUsers, Method: http.MethodPatch, Path: "/v1/users/settings",
		Summary: "Change the organization's sync settings.", Auth: AuthPartner, Effect: Undoable, Status: 200, Evidence: Documented}}
)
