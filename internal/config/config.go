// Package config reads what the user set: Attrove's own environment variables,
// and which backend answers.
package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/project"
)

// Lookup reads an environment variable, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// Attrove's own names (contract section 1).
const (
	EnvSecretKey    = "ATTROVE_SECRET_KEY"
	EnvUserID       = "ATTROVE_USER_ID"
	EnvBaseURL      = "ATTROVE_BASE_URL"
	EnvClientID     = "ATTROVE_CLIENT_ID"
	EnvClientSecret = "ATTROVE_CLIENT_SECRET" //nolint:gosec // the variable's name, not a credential
)

// EnvPrefix begins the variable of every flag: --as-of is ATTROVE_MCP_AS_OF.
const EnvPrefix = "ATTROVE_MCP"

// Credentials are what Attrove's own environment variables say.
type Credentials struct {
	User         attrove.Caller
	BaseURL      string
	ClientID     string
	ClientSecret attrove.Secret
}

// ReadCredentials reads Attrove's own environment variables.
func ReadCredentials(env Lookup) Credentials {
	get := func(name string) string {
		value, _ := env(name)
		if placeholderIn(value) {
			return ""
		}
		return strings.TrimSpace(value)
	}
	return Credentials{
		User:         attrove.Caller{UserID: get(EnvUserID), Key: attrove.Secret(get(EnvSecretKey))},
		BaseURL:      get(EnvBaseURL),
		ClientID:     get(EnvClientID),
		ClientSecret: attrove.Secret(get(EnvClientSecret)),
	}
}

// placeholderIn reports whether value is a setting that a host left unfilled: it
// then passes the literal text ${user_config.name}.
func placeholderIn(value string) bool {
	return strings.Contains(value, "${user_config.")
}

// Engine is the embedded engine's data, clock and user.
type Engine struct {
	DB       string   `help:"The embedded engine's database." placeholder:"FILE" xor:"backend"`
	Demo     bool     `help:"The embedded engine with the sample workspace, in memory." xor:"backend"`
	AsOf     Instant  `help:"A date or RFC 3339 time that the embedded engine takes as now." placeholder:"TIME"`
	Me       []string `help:"Your own addresses, for the embedded engine. If people me was used, what it said goes before this." placeholder:"ADDRESS"`
	LLM      `embed:""`
	Timezone Zone `help:"Your time zone, such as Europe/Berlin; else the profile's, else UTC." placeholder:"ZONE"`

	Embeddings `embed:""`
}

// Path is the engine's database file; empty for one in memory.
func (e Engine) Path() string {
	switch {
	case e.Demo:
		return ""
	case e.DB != "":
		return e.DB
	}
	return filepath.Join(DataDir(), "attrove.db")
}

// Now is the clock that --as-of sets: it stands still there, or runs with the
// system.
func (e Engine) Now() func() time.Time {
	if e.AsOf.IsZero() {
		return time.Now
	}
	at := e.AsOf.Time
	return func() time.Time { return at }
}

// Validate checks what the flag parser cannot.
func (e Engine) Validate() error {
	for _, address := range e.Me {
		if !strings.Contains(address, "@") {
			return fmt.Errorf("--me %s: must be an e-mail address; separate several with commas", address)
		}
	}
	if err := e.LLM.Validate(); err != nil {
		return err
	}
	return e.Embeddings.Validate()
}

// Backend says what answers the calls: Attrove's cloud, unless one of Mode,
// Local, DB and Demo chooses the embedded engine.
type Backend struct {
	Mode        Mode `help:"What answers, by name: account, local (as --local) or demo (as --demo). For hosts whose settings are text." placeholder:"MODE" xor:"backend"`
	Local       bool `help:"Use the embedded engine with its default database." xor:"backend"`
	Engine      `embed:""`
	PartnerAuth attrove.PartnerAuth `help:"How a partner's credentials travel: basic or headers (Attrove does not say)." enum:"basic,headers" default:"basic"`
}

// Resolved is b with the flag set that its mode stands for. The mode may come
// from the environment, so a flag that says otherwise goes before it.
func (b Backend) Resolved() Backend {
	if !b.Local && b.DB == "" && !b.Demo {
		b.Local, b.Demo = b.Mode == ModeLocal, b.Mode == ModeDemo
	}
	return b
}

// Embedded reports whether the embedded engine answers.
func (b Backend) Embedded() bool {
	b = b.Resolved()
	return b.Local || b.DB != "" || b.Demo
}

// Validate checks what the flag parser cannot.
func (b Backend) Validate() error {
	if err := b.Engine.Validate(); err != nil {
		return err
	}
	if !b.Embedded() && (len(b.Me) > 0 || !b.AsOf.IsZero() || b.LLMURL != "" || b.EmbeddingsURL != "") {
		return errors.New("--me, --as-of, --llm-url and --embeddings-url are for the embedded engine: add --local, --db FILE or --demo")
	}
	return nil
}

// DataDir is where the user's data lives unless told otherwise.
func DataDir() string { return filepath.Join(xdg.DataHome, project.Name) }

// StateDir is where an import keeps how far it has come, and where credentials
// are saved that are shown once.
func StateDir() string { return filepath.Join(xdg.StateHome, project.Name) }

// Mode is what answers, by name.
type Mode string

// The modes. The zero Mode leaves it to the flags.
const (
	ModeAccount Mode = "account"
	ModeLocal   Mode = "local"
	ModeDemo    Mode = "demo"
)

// UnmarshalText reads a mode as people type it into a host's settings.
func (m *Mode) UnmarshalText(text []byte) error {
	switch mode := Mode(strings.ToLower(strings.TrimSpace(string(text)))); mode {
	case "", ModeAccount, ModeLocal, ModeDemo:
		*m = mode
		return nil
	}
	return fmt.Errorf("%q is no mode: write %s, %s or %s", text, ModeAccount, ModeLocal, ModeDemo)
}

// Instant is a point in time on the command line.
type Instant struct{ time.Time }

// UnmarshalText reads an RFC 3339 time, or a date, which is its noon in UTC so
// that it is that day in most zones.
func (i *Instant) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "" {
		return nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		i.Time = t
		return nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fmt.Errorf("%q is no time: write 2026-05-01 or 2026-05-01T09:00:00Z", s)
	}
	i.Time = day.Add(12 * time.Hour)
	return nil
}

// Zone is a time zone on the command line.
type Zone struct{ *time.Location }

// UnmarshalText reads an IANA name.
func (z *Zone) UnmarshalText(text []byte) error {
	name := strings.TrimSpace(string(text))
	if name == "" {
		return nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return fmt.Errorf("%q is no time zone: write an IANA name such as Europe/Berlin", name)
	}
	z.Location = location
	return nil
}

// CleanArgs drops arguments that a host left as a placeholder, with the flag
// whose value they were, so that they count as not given.
func CleanArgs(args []string) []string {
	var kept []string
	for _, arg := range args {
		if !placeholderIn(arg) {
			kept = append(kept, arg)
			continue
		}
		if last := len(kept) - 1; last >= 0 && isFlag(kept[last]) && !strings.HasPrefix(arg, "-") {
			kept = kept[:last]
		}
	}
	return kept
}

func isFlag(arg string) bool {
	return strings.HasPrefix(arg, "--") && !strings.Contains(arg, "=")
}

// Placeholders names the variables of environ, as os.Environ lists them, that a
// host left as a placeholder.
func Placeholders(environ []string) []string {
	var names []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "ATTROVE_") && placeholderIn(value) {
			names = append(names, name)
		}
	}
	return names
}
