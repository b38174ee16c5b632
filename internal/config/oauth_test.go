package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
)

func TestOAuth(t *testing.T) {
	good := config.OAuth{PublicURL: "https://mcp.example.com", Issuer: "https://login.example.com/tenant", Audience: "https://mcp.example.com/mcp",
		ReadScope: "attrove:read", WriteScope: "attrove:write", UserMap: config.UserMap{Path: "users.age"}}
	for _, c := range []struct {
		name   string
		change func(*config.OAuth)
		says   string
	}{
		{"all that it takes", func(*config.OAuth) {}, ""},
		{"without scopes", func(o *config.OAuth) { o.ReadScope, o.WriteScope = "", "" }, ""},
		{"an issuer on this machine", func(o *config.OAuth) { o.Issuer = "http://127.0.0.1:9000" }, ""},
		{"nothing of it", func(o *config.OAuth) { *o = config.OAuth{ReadScope: "attrove:read"} }, ""},
		{"a public URL alone", func(o *config.OAuth) { *o = config.OAuth{PublicURL: "http://localhost:8787/"} }, ""},
		{"no audience", func(o *config.OAuth) { o.Audience = "" }, "--oauth-issuer: needs --oauth-audience"},
		{"no user map", func(o *config.OAuth) { o.Path = "" }, "--oauth-issuer: needs --oauth-user-map"},
		{"no issuer", func(o *config.OAuth) { o.Issuer = "" }, "need --oauth-issuer"},
		{"a map alone", func(o *config.OAuth) { o.Issuer, o.Audience = "", "" }, "need --oauth-issuer"},
		{"an issuer in the clear", func(o *config.OAuth) { o.Issuer = "http://login.example.com" }, "--oauth-issuer http://login.example.com: must be https"},
		{"an issuer that is no URL", func(o *config.OAuth) { o.Issuer = "login.example.com" }, "--oauth-issuer: must be a URL"},
		{"an issuer with a query", func(o *config.OAuth) { o.Issuer += "?a=b" }, "--oauth-issuer: must be a URL"},
		{"an issuer with a password", func(o *config.OAuth) { o.Issuer = "https://a:planted@login.example.com" }, "--oauth-issuer: must be a URL"},
		{"a quote in the audience", func(o *config.OAuth) { o.Audience = `a"b` }, "--oauth-audience"},
		{"two scopes", func(o *config.OAuth) { o.WriteScope = "a b" }, "--oauth-write-scope"},
		{"a public URL with a path", func(o *config.OAuth) { o.PublicURL += "/mcp" }, "must be an origin"},
		{"a public URL in the clear", func(o *config.OAuth) { o.PublicURL = "http://mcp.example.com" }, "--public-url http://mcp.example.com: must be https"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := good
			c.change(&o)
			err := o.Validate()
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.says)
			assert.NotContains(t, err.Error(), "planted")
		})
	}
}

func TestKeyOfTheUserMap(t *testing.T) {
	env := func(value string) config.Lookup {
		return func(name string) (string, bool) {
			return value, name == "ATTROVE_MCP_OAUTH_USER_MAP_KEY" && value != ""
		}
	}
	key, err := config.UserMap{}.Key(env("AGE-SECRET-KEY-1A,AGE-SECRET-KEY-1B"))
	require.NoError(t, err)
	assert.Equal(t, "AGE-SECRET-KEY-1A\nAGE-SECRET-KEY-1B", key.Reveal())

	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("AGE-SECRET-KEY-1F\n"), 0o600))
	key, err = config.UserMap{KeyFile: file}.Key(env("AGE-SECRET-KEY-1A"))
	require.NoError(t, err)
	assert.Equal(t, "AGE-SECRET-KEY-1F\n", key.Reveal())

	_, err = config.UserMap{KeyFile: file + ".none"}.Key(env(""))
	require.ErrorContains(t, err, "--oauth-user-map-key-file")
	for _, unset := range []string{"", " ", "${user_config.key}"} {
		_, err = config.UserMap{}.Key(env(unset))
		require.ErrorContains(t, err, "ATTROVE_MCP_OAUTH_USER_MAP_KEY")
	}
}
