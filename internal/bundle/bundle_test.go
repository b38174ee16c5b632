package bundle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/bundle"
)

func TestVersions(t *testing.T) {
	for give, want := range map[string]bundle.Release{
		"1.2.3": "1.2.3", "v1.2.3": "1.2.3", "v0.1.0-rc.1": "0.1.0-rc.1",
		"": "", "latest": "", "1.2": "", "01.2.3": "", "1.2.3+dirty": "", "^1.2.3": "", "vv1.2.3": "",
	} {
		t.Run(give, func(t *testing.T) {
			var got bundle.Release
			err := got.UnmarshalText([]byte(give))
			assert.Equal(t, want, got)
			if want == "" {
				require.ErrorContains(t, err, "write 1.2.3 or v1.2.3")
			}
		})
	}
}

func TestSystems(t *testing.T) {
	for give, want := range map[string]bundle.System{
		"darwin": bundle.Darwin, "linux": bundle.Linux, "windows": bundle.Windows, "win32": bundle.Windows, "plan9": "",
	} {
		var got bundle.System
		err := got.UnmarshalText([]byte(give))
		assert.Equal(t, want, got)
		assert.Equal(t, want == "", err != nil, give)
	}
}

// manifest is what the tests look at.
type manifest struct {
	Version bundle.Release
	Icon    string
	Server  struct {
		EntryPoint string `json:"entry_point"`
		Launch     struct {
			Command   string
			Args      []string
			Env       map[string]string
			Overrides map[bundle.System]json.RawMessage `json:"platform_overrides"`
		} `json:"mcp_config"`
	}
	Compatibility struct{ Platforms []bundle.System }
	UserConfig    map[string]struct {
		Type, Title, Description string
		Default                  *string
		Required, Sensitive      bool
	} `json:"user_config"`
}

func read(t *testing.T, release bundle.Release, system bundle.System) (manifest, []byte) {
	t.Helper()
	raw, err := bundle.Manifest(release, system)
	require.NoError(t, err)
	var m manifest
	require.NoError(t, json.Unmarshal(raw, &m))
	return m, raw
}

// TestSettingsReachTheServer: the format's own validator sees neither a setting
// that nothing uses nor one that is used and not declared.
func TestSettingsReachTheServer(t *testing.T) {
	m, raw := read(t, "1.2.3", "")
	used := map[string]bool{}
	for _, match := range regexp.MustCompile(`\$\{user_config\.(\w+)\}`).FindAllSubmatch(raw, -1) {
		used[string(match[1])] = true
	}
	for name := range used {
		assert.Contains(t, m.UserConfig, name, "it is used")
	}
	for name, setting := range m.UserConfig {
		assert.True(t, used[name], "%s is declared and does nothing", name)
		assert.False(t, setting.Required, "%s: hosts do not start a server that lacks a required setting", name)
		assert.NotNil(t, setting.Default, "%s: without a default the server gets the text ${user_config.%s}", name, name)
	}
	assert.True(t, m.UserConfig["secret_key"].Sensitive)
	assert.Less(t, regexp.MustCompile(`"mode": \{`).FindIndex(raw)[0], regexp.MustCompile(`"secret_key": \{`).FindIndex(raw)[0],
		"hosts ask in this order")
}

func TestManifestOfOneSystem(t *testing.T) {
	for system, entry := range map[bundle.System]string{
		bundle.Darwin: "server/launch.sh", bundle.Linux: "server/launch.sh", bundle.Windows: "server/attrove-mcp.exe",
	} {
		t.Run(string(system), func(t *testing.T) {
			m, _ := read(t, "1.2.3", system)
			assert.Equal(t, bundle.Release("1.2.3"), m.Version)
			assert.Equal(t, []bundle.System{system}, m.Compatibility.Platforms)
			assert.Equal(t, entry, m.Server.EntryPoint)
			assert.Contains(t, append(m.Server.Launch.Args, m.Server.Launch.Command), "${__dirname}/"+entry)
			assert.Empty(t, m.Server.Launch.Overrides)
		})
	}
	m, _ := read(t, bundle.Unreleased, "")
	assert.Equal(t, bundle.Systems(), m.Compatibility.Platforms)
	assert.JSONEq(t, `{"command": "${__dirname}/server/attrove-mcp.exe", "args": ["stdio"]}`, string(m.Server.Launch.Overrides[bundle.Windows]))
	assert.FileExists(t, filepath.Join("../..", m.Icon))
}

func TestEntry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "attrove-mcp-1.2.3-linux.mcpb")
	require.NoError(t, os.WriteFile(path, []byte("a bundle"), 0o600))
	sum := sha256.Sum256([]byte("a bundle"))
	raw, err := bundle.Entry("1.2.3", path)
	require.NoError(t, err)
	var got struct {
		Name, Description, Version string
		Packages                   []struct {
			RegistryType, Identifier, Version, FileSha256 string
			EnvironmentVariables                          []struct {
				Name     string
				IsSecret bool
			}
		}
	}
	require.NoError(t, json.Unmarshal(raw, &got))
	assert.Regexp(t, `^io\.github\.[a-z0-9-]+/attrove-mcp$`, got.Name)
	assert.LessOrEqual(t, len(got.Description), 100, "the registry takes no more")
	assert.Equal(t, "1.2.3", got.Version)
	require.Len(t, got.Packages, 1)
	p := got.Packages[0]
	assert.Equal(t, "mcpb", p.RegistryType)
	assert.Equal(t, "1.2.3", p.Version)
	assert.Equal(t, hex.EncodeToString(sum[:]), p.FileSha256)
	assert.Regexp(t, `^https://github\.com/[^/]+/attrove-mcp/releases/download/v1\.2\.3/attrove-mcp-1\.2\.3-linux\.mcpb$`, p.Identifier)
	for _, v := range p.EnvironmentVariables {
		assert.Equal(t, v.Name == "ATTROVE_SECRET_KEY", v.IsSecret, v.Name)
	}

	_, err = bundle.Entry("1.2.3", path+".gone")
	require.ErrorIs(t, err, os.ErrNotExist)
}
