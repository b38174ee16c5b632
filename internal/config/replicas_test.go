package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
)

func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

func TestSeals(t *testing.T) {
	one, two := strings.Repeat("1", 32), strings.Repeat("2", 40)
	both := []attrove.Secret{attrove.Secret(two), attrove.Secret(one)}
	for _, c := range []struct {
		env, file string
		want      []attrove.Secret
		wrong     string
	}{
		{"", "", nil, ""},
		{"${user_config.seal}", "", nil, ""},
		{one, "", both[1:], ""},
		{" " + two + ", " + one + ",", "", both, ""},
		{"", file(t, two+"\n"+one+"\n"), both, ""},
		{one + ",planted", "", nil, "ATTROVE_MCP_SEAL_KEY: each secret needs 32 characters"},
		{"", file(t, "planted"), nil, "ATTROVE_MCP_SEAL_KEY: each secret needs 32 characters"},
		{"", file(t, "\n"), nil, "--seal-key-file"},
		{"", "/no/such/file", nil, "--seal-key-file: open"},
		{one, file(t, two), nil, "--seal-key-file and ATTROVE_MCP_SEAL_KEY: only one"},
	} {
		got, err := config.Replicas{SealKeyFile: c.file}.Seals(lookup(map[string]string{"ATTROVE_MCP_SEAL_KEY": c.env}))
		assert.Equal(t, c.want, got)
		if c.wrong == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, c.wrong)
		assert.NotContains(t, err.Error(), "planted")
	}
}

func TestRequireSeals(t *testing.T) {
	require.NoError(t, config.RequireSeals([]attrove.Secret{"x"}, "--redis"))
	err := config.RequireSeals(nil, "--redis")
	require.ErrorContains(t, err, "--redis: set ATTROVE_MCP_SEAL_KEY")
	require.ErrorContains(t, err, "openssl rand -base64 32")
}

func TestWebhookSecrets(t *testing.T) {
	got, err := config.Replicas{}.WebhookSecrets(lookup(map[string]string{"ATTROVE_MCP_WEBHOOK_SECRET": "whsec_a,whsec_b"}))
	require.NoError(t, err)
	assert.Equal(t, []attrove.Secret{"whsec_a", "whsec_b"}, got)
	got, err = config.Replicas{}.WebhookSecrets(lookup(nil))
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestRedis(t *testing.T) {
	r := config.Replicas{Redis: "redis://:planted@host", RedisPasswordFile: file(t, "planted\n")}
	require.NoError(t, r.Validate())
	assert.NotContains(t, fmt.Sprintf("%v %+v %q", r, r, r.Redis), "planted")
	password, err := r.RedisPassword()
	require.NoError(t, err)
	assert.Equal(t, attrove.Secret("planted"), password)
	password, err = config.Replicas{}.RedisPassword()
	require.NoError(t, err)
	assert.Empty(t, password)
	require.ErrorContains(t, config.Replicas{RedisPasswordFile: "x"}.Validate(), "--redis-password-file: only with --redis")
}
