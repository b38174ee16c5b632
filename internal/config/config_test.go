package config_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
)

func lookup(vars map[string]string) config.Lookup {
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
}

func TestReadCredentials(t *testing.T) {
	got := config.ReadCredentials(lookup(map[string]string{
		"ATTROVE_SECRET_KEY": " sk_planted\n",
		"ATTROVE_USER_ID":    "${user_config.user_id}",
		"ATTROVE_CLIENT_ID":  "partner",
	}))
	assert.Equal(t, "sk_planted", got.User.Key.Reveal())
	assert.Empty(t, got.User.UserID, "a placeholder that the host left counts as unset")
	assert.Equal(t, "partner", got.ClientID)
	assert.Empty(t, got.ClientSecret)
}

func TestCleanArgs(t *testing.T) {
	for _, c := range []struct {
		name       string
		give, want []string
	}{
		{"nothing to clean", []string{"stdio", "--db", "x"}, []string{"stdio", "--db", "x"}},
		{"one word", []string{"stdio", "--db=${user_config.db}"}, []string{"stdio"}},
		{"two words", []string{"stdio", "--db", "${user_config.db}", "--local"}, []string{"stdio", "--local"}},
		{"no flag before", []string{"import", "${user_config.folder}"}, []string{"import"}},
		{"a flag with its own value before", []string{"--me=a@b", "${user_config.folder}"}, []string{"--me=a@b"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, config.CleanArgs(c.give)) })
	}
}

func TestPlaceholders(t *testing.T) {
	got := config.Placeholders([]string{"HOME=${user_config.home}", "ATTROVE_MCP_DB=${user_config.db}", "ATTROVE_USER_ID=u"})
	assert.Equal(t, []string{"ATTROVE_MCP_DB"}, got, "only our own variables are ours to drop")
}

func TestInstant(t *testing.T) {
	for _, c := range []struct{ give, want, wrong string }{
		{give: "2026-05-01", want: "2026-05-01T12:00:00Z"},
		{give: "2026-05-01T09:00:00+02:00", want: "2026-05-01T07:00:00Z"},
		{give: "", want: "0001-01-01T00:00:00Z"},
		{give: "yesterday", wrong: `"yesterday" is no time: write 2026-05-01 or 2026-05-01T09:00:00Z`},
	} {
		t.Run(c.give, func(t *testing.T) {
			var at config.Instant
			err := at.UnmarshalText([]byte(c.give))
			if c.wrong != "" {
				require.EqualError(t, err, c.wrong)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, at.UTC().Format(time.RFC3339))
		})
	}
}

func TestZone(t *testing.T) {
	var zone config.Zone
	require.NoError(t, zone.UnmarshalText([]byte("Europe/Berlin")))
	assert.Equal(t, "Europe/Berlin", zone.String())
	require.ErrorContains(t, zone.UnmarshalText([]byte("Middle/Earth")), "IANA name")
}

func TestBackend(t *testing.T) {
	fixed := config.Instant{Time: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}

	t.Run("the cloud has its own clock and users", func(t *testing.T) {
		require.NoError(t, config.Backend{}.Validate())
		require.ErrorContains(t, config.Backend{Engine: config.Engine{AsOf: fixed}}.Validate(), "--local")
		require.ErrorContains(t, config.Backend{Engine: config.Engine{Me: []string{"me@example.com"}}}.Validate(), "--local")
	})
	t.Run("a model has a place and a name", func(t *testing.T) {
		require.ErrorContains(t, config.Engine{LLM: config.LLM{LLMURL: "https://x.example"}}.Validate(), "--llm-model")
		require.ErrorContains(t, config.Engine{LLM: config.LLM{LLMModel: "small"}}.Validate(), "--llm-url")
		require.NoError(t, config.Engine{LLM: config.LLM{LLMURL: "https://x.example", LLMModel: "small"}}.Validate())
		require.ErrorContains(t, config.Backend{Engine: config.Engine{LLM: config.LLM{LLMURL: "https://x.example", LLMModel: "small"}}}.Validate(), "--local")
	})
	t.Run("and so has one of embeddings", func(t *testing.T) {
		set := config.Embeddings{EmbeddingsURL: "https://x.example", EmbeddingsModel: "small"}
		require.NoError(t, config.Engine{Embeddings: set}.Validate())
		require.ErrorContains(t, config.Engine{Embeddings: config.Embeddings{EmbeddingsURL: "https://x.example"}}.Validate(), "--embeddings-model")
		require.ErrorContains(t, config.Engine{Embeddings: config.Embeddings{EmbeddingsModel: "small"}}.Validate(), "--embeddings-url")
		require.ErrorContains(t, config.Backend{Engine: config.Engine{Embeddings: set}}.Validate(), "--local")
	})
	t.Run("an address must be one", func(t *testing.T) {
		require.ErrorContains(t, config.Engine{Me: []string{"me"}}.Validate(), "--me me")
	})
	t.Run("a set clock stands still", func(t *testing.T) {
		now := config.Engine{AsOf: fixed}.Now()
		for range 2 {
			assert.Equal(t, fixed.Time, now())
		}
	})
	t.Run("paths", func(t *testing.T) {
		assert.Empty(t, config.Engine{Demo: true}.Path())
		assert.Equal(t, "x.db", config.Engine{DB: "x.db"}.Path())
		assert.Contains(t, config.Engine{}.Path(), "attrove-mcp")
	})
}

func TestMode(t *testing.T) {
	for _, c := range []struct {
		give           string
		flags          config.Backend
		embedded, demo bool
		wrong          string
	}{
		{give: ""},
		{give: "account"},
		{give: " Local\n", embedded: true},
		{give: "demo", embedded: true, demo: true},
		{give: "demo", flags: config.Backend{Local: true}, embedded: true},
		{give: "account", flags: config.Backend{Engine: config.Engine{DB: "x.db"}}, embedded: true},
		{give: "offline", wrong: `"offline" is no mode: write account, local or demo`},
	} {
		t.Run(c.give, func(t *testing.T) {
			b := c.flags
			err := b.Mode.UnmarshalText([]byte(c.give))
			if c.wrong != "" {
				require.EqualError(t, err, c.wrong)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.embedded, b.Embedded())
			assert.Equal(t, c.demo, b.Resolved().Demo)
		})
	}
}

func TestSecretsHaveAPlace(t *testing.T) {
	assert.Equal(t, "mine.jsonl", config.Secrets{SecretsFile: "mine.jsonl"}.Path())
	assert.Equal(t, config.StateDir(), filepath.Dir(config.Secrets{}.Path()))
}
