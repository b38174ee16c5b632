package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/adrg/xdg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// result is what a command line did.
type result struct {
	exit     int
	out, err string
}

// home gives the commands of a test a home directory of their own.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"} {
		t.Setenv(name, dir)
	}
	xdg.Reload()
	return dir
}

// command runs a command line as the shell does, with none of Attrove's variables.
func command(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "ATTROVE_") {
			t.Setenv(name, "")
			require.NoError(t, os.Unsetenv(name))
		}
	}
	var out, errOut said
	shown := safetest.Watch(t)
	exit := run(t.Context(), args, strings.NewReader(stdin), io.MultiWriter(&out, shown), io.MultiWriter(&errOut, shown))
	return result{exit: exit, out: out.String(), err: errOut.String()}
}

// said is what a command printed. As to a file, anybody can write to it at once.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is all of it.
func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		name     string
		args     []string
		stdin    string
		exit     int
		out, err string // each is somewhere in what was printed
	}{
		{name: "nothing shows the help", exit: exitOK, out: "Usage: attrove-mcp"},
		{name: "help, as a command", args: []string{"help"}, exit: exitOK, out: "Usage: attrove-mcp"},
		{name: "help, as a command, of one", args: []string{"help", "docs", "tools"}, exit: exitOK, out: "Usage: attrove-mcp docs tools"},
		{name: "help of a command", args: []string{"import", "--help"}, exit: exitOK, out: "Mailboxes (mbox)"},
		{name: "version", args: []string{"version"}, exit: exitOK, out: "attrove-mcp "},
		{name: "unknown command", args: []string{"serve"}, exit: exitUsage, err: "serve"},
		{name: "unknown flag", args: []string{"stdio", "--locall"}, exit: exitUsage, err: "--local"},
		{name: "two backends", args: []string{"call", "--local", "--demo", "attrove_profile"}, exit: exitUsage, err: "--local"},
		{name: "no such time", args: []string{"demo", "--as-of", "soon"}, exit: exitUsage, err: `"soon" is no time: write 2026-05-01`},
		{name: "a clock for the cloud", args: []string{"call", "--as-of", "2026-05-01", "attrove_profile"}, exit: exitUsage, err: "--local"},
		{name: "not an address", args: []string{"call", "--demo", "--me", "tessa", "attrove_profile"}, exit: exitUsage, err: "e-mail address"},
		{name: "a setting that the host left unfilled", args: []string{"call", "--demo", "--db", "${user_config.db}", "attrove_profile"}, exit: exitOK, out: "tessa@"},
		{name: "a toolset that is none", args: []string{"stdio", "--demo", "--toolsets", "context,gaols"}, exit: exitUsage, err: "did you mean goals?"},
		{name: "a tool that is none", args: []string{"http", "--demo", "--tools", "query"}, exit: exitUsage, err: "did you mean attrove_query?"},
		{name: "a partner's tools over HTTP", args: []string{"http", "--demo", "--toolsets", "webhooks"}, exit: exitUsage, err: "never taken over HTTP"},
		{name: "a tool that is off", args: []string{"call", "--demo", "--toolsets", "context", "attrove_profile"}, exit: exitError, err: "--toolsets context,account"},
		{name: "a tool that writes", args: []string{"call", "--demo", "--read-only", "attrove_push_note", `{"body":"b"}`}, exit: exitError, err: "read-only"},
		{name: "the tools of one toolset", args: []string{"call", "--demo", "--toolsets", "webhooks", "--list"}, exit: exitOK, out: "attrove_rotate_webhook_secret"},
		{name: "a partner's tool", args: []string{"call", "--demo", "attrove_settings"}, exit: exitOK, out: `"backend": "local"`},
		{name: "a partner's tool without credentials", args: []string{"call", "attrove_settings"}, exit: exitError, err: "ATTROVE_CLIENT_ID"},
		{name: "what cannot be undone", args: []string{"call", "--demo", "attrove_delete_webhook", `{"id":"whe_1"}`}, exit: exitError, err: "--yes"},
		{name: "what cannot be undone, and is wanted", args: []string{"call", "--demo", "--yes", "attrove_delete_webhook", `{"id":"whe_1"}`}, exit: exitError, err: "NOT_FOUND"},
		{name: "what nobody may decide", args: []string{"call", "--demo", "--confirm", "deny", "attrove_archive_goal", `{"goal_id":"g","reason":"r"}`}, exit: exitError, err: "--confirm=deny"},
		{name: "a yes to what is denied", args: []string{"call", "--demo", "--yes", "--confirm", "deny", "attrove_profile"}, exit: exitUsage, err: "--yes"},
		{name: "a policy that is none", args: []string{"stdio", "--confirm", "maybe"}, exit: exitUsage, err: `"ask","allow","deny"`},
		{name: "no tool", args: []string{"call", "--demo"}, exit: exitUsage, err: "--list"},
		{name: "the tools", args: []string{"call", "--demo", "--list"}, exit: exitOK, out: "attrove_query"},
		{name: "a tool", args: []string{"call", "--demo", "attrove_profile"}, exit: exitOK, out: `"timezone": "America/New_York"`},
		{name: "arguments from standard input", args: []string{"call", "--demo", "attrove_events", "-"}, stdin: `{"limit": 1}`, exit: exitOK, out: `"returned": 1`},
		{name: "arguments that are no object", args: []string{"call", "--demo", "attrove_query", "renewal"}, exit: exitUsage, err: "JSON object"},
		{name: "arguments that are nothing", args: []string{"call", "--demo", "attrove_query", "-"}, exit: exitUsage, err: "JSON object"},
		{name: "an unknown argument", args: []string{"call", "--demo", "attrove_search", `{"querry": "x"}`}, exit: exitError, err: "did you mean query"},
		{name: "an unknown tool", args: []string{"call", "--demo", "attrove_find"}, exit: exitUsage, err: "--list"},
		{name: "a misspelt tool", args: []string{"call", "--demo", "attrove_serch"}, exit: exitUsage, err: "did you mean attrove_search?"},
		{name: "no key", args: []string{"call", "attrove_profile"}, exit: exitError, err: "ATTROVE_SECRET_KEY"},
		{name: "no key to import with", args: []string{"import", "mail.mbox"}, exit: exitUsage, err: "ATTROVE_SECRET_KEY"},
		{name: "import into nothing", args: []string{"import", "--demo", "mail.mbox"}, exit: exitUsage, err: "--local"},
		{name: "an address that is not this machine's", args: []string{"http", "--demo", "--listen", "0.0.0.0:0", "--allowed-hosts", "x", "--tls-cert", "c", "--tls-key", "k"}, exit: exitUsage, err: "on loopback only"},
		{name: "no keys behind a proxy", args: []string{"http", "--demo", "--behind-proxy"}, exit: exitUsage, err: "on loopback only"},
		{name: "in the clear", args: []string{"http", "--listen", "0.0.0.0:0"}, exit: exitUsage, err: "--tls-cert"},
		{name: "no certificate", args: []string{"http", "--listen", "0.0.0.0:0", "--allowed-hosts", "x", "--tls-cert", "none.pem", "--tls-key", "none.pem"}, exit: exitUsage, err: "--tls-cert, --tls-key: read the certificate"},
		{name: "no port", args: []string{"http", "--listen", "8787"}, exit: exitUsage, err: "--listen 8787: write an address and a port"},
		{name: "no port for those who operate it", args: []string{"http", "--admin-listen", "9090"}, exit: exitUsage, err: "--admin-listen 9090: write an address and a port"},
		{name: "no proxy", args: []string{"http", "--behind-proxy", "--trusted-proxies", "proxy"}, exit: exitUsage, err: "no network"},
		{name: "an API address that is not this machine's", args: []string{"api", "--demo", "--listen", "0.0.0.0:0", "--client-secret", "x"}, exit: exitUsage, err: "--tls-cert"},
		{name: "an API for others without credentials", args: []string{"api", "--demo", "--listen", "0.0.0.0:0"}, exit: exitUsage, err: "--client-secret-file"},
		{name: "a client secret's file that is not there", args: []string{"api", "--demo", "--listen", "127.0.0.1:0", "--client-secret-file", "nowhere"}, exit: exitUsage, err: "--client-secret-file"},
		{name: "a client secret's file that is empty", args: []string{"api", "--demo", "--listen", "127.0.0.1:0", "--client-secret-file", os.DevNull}, exit: exitUsage, err: "nothing in it"},
		{name: "a mode", args: []string{"call", "--mode", "Demo", "attrove_profile"}, exit: exitOK, out: "tessa@"},
		{name: "no such mode", args: []string{"stdio", "--mode", "cloud"}, exit: exitUsage, err: "account, local or demo"},
		{name: "a mode and another backend", args: []string{"stdio", "--mode", "account", "--demo"}, exit: exitUsage, err: "can't be used together"},
		{name: "a folder for the cloud", args: []string{"stdio", "--import", "mail"}, exit: exitUsage, err: "--import is for mail that is kept on this machine"},
		{name: "a folder for the demo", args: []string{"stdio", "--demo", "--import", "mail"}, exit: exitUsage, err: "--local"},
		{name: "a model in the clear", args: []string{"call", "--demo", "--llm-url", "http://models.example.com/v1", "--llm-model", "small", "attrove_profile"}, exit: exitUsage, err: "must be https"},
		{name: "a model of embeddings in the clear", args: []string{"call", "--demo", "--embeddings-url", "http://models.example.com/v1", "--embeddings-model", "small", "attrove_profile"}, exit: exitUsage, err: "must be https"},
		{name: "embeddings of no model", args: []string{"call", "--demo", "--embeddings-url", "http://models.example.com/v1", "attrove_profile"}, exit: exitUsage, err: "--embeddings-model"},
		{name: "a model for the API in the clear", args: []string{"api", "--demo", "--llm-url", "http://models.example.com/v1", "--llm-model", "small"}, exit: exitUsage, err: "must be https"},
		{name: "nothing to measure on", args: []string{"eval", "."}, exit: exitError, err: "parakweet-intent-train.tsv"},
		{name: "a part of the measurements that is none", args: []string{"eval", "--section", "intentions", "."}, exit: exitUsage, err: "must be one of"},
		{name: "a key that is none", args: []string{"api", "--demo", "--user-key", "x"}, exit: exitUsage, err: "begins with sk_"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := command(t, c.stdin, c.args...)
			assert.Equal(t, c.exit, got.exit, "standard error: %s", got.err)
			assert.Contains(t, got.out, c.out)
			assert.Contains(t, got.err, c.err)
			if c.exit != exitOK {
				assert.NotEmpty(t, got.err)
			}
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestOutputThatIsLostIsAFailure: a script must not take nothing for an answer.
func TestOutputThatIsLostIsAFailure(t *testing.T) {
	for _, line := range []string{"version", "call --demo attrove_profile", "call --demo --list", "demo", "docs tools"} {
		t.Run(line, func(t *testing.T) {
			var errOut bytes.Buffer
			assert.Equal(t, exitError, run(t.Context(), strings.Fields(line), strings.NewReader(""), fullDisk{}, &errOut))
			assert.Contains(t, errOut.String(), syscall.ENOSPC.Error())
		})
	}
}

func TestDemo(t *testing.T) {
	dir := home(t)
	t.Chdir(dir)
	// A Monday and a Sunday, winter and summer.
	for _, day := range []string{"2026-03-02", "2026-07-05"} {
		t.Run(day, func(t *testing.T) {
			got := command(t, "", "demo", "--as-of", day)
			require.Equal(t, exitOK, got.exit, got.err)
			assert.Empty(t, got.err)
			assert.Regexp(t, `\[msg_[a-z0-9]+\]`, got.out, "the answer cites its sources")
			assert.Contains(t, got.out, demoSearch)
			assert.Contains(t, got.out, "claude mcp add")
		})
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left, "the demo leaves nothing behind")
}

func TestDocumentsAreFresh(t *testing.T) {
	for _, of := range []struct{ file, document string }{
		{"docs/tools.md", "tools"}, {"docs/tokens.md", "tokens"}, {"docs/openapi.json", "openapi"}, {"docs/metrics.md", "metrics"},
		{"manifest.json", "manifest"}, {"server.json", "server"},
	} {
		t.Run(of.file, func(t *testing.T) {
			want, err := os.ReadFile("../../" + of.file)
			require.NoError(t, err)
			got := command(t, "", "docs", of.document)
			require.Equal(t, exitOK, got.exit, got.err)
			assert.Equal(t, string(want), got.out, "make it again: go run ./cmd/attrove-mcp docs %s > %s", of.document, of.file)
		})
	}
}

const mailbox = `From ann@acme.example Mon May  4 09:00:00 2026
From: Ann Ash <ann@acme.example>
To: Ben Birch <ben@birch.example>
Subject: Lease of the warehouse
Date: Mon, 4 May 2026 09:00:00 +0000
Message-ID: <lease-1@acme.example>

Ben, can you send me the signed lease by Friday?

Ann

From ben@birch.example Mon May  4 10:00:00 2026
From: Ben Birch <ben@birch.example>
To: Ann Ash <ann@acme.example>
Subject: Re: Lease of the warehouse
Date: Mon, 4 May 2026 10:00:00 +0000
Message-ID: <lease-2@birch.example>
In-Reply-To: <lease-1@acme.example>

You will have it on Thursday.

> Ben, can you send me the signed lease by Friday?
`

func TestNotADatabase(t *testing.T) {
	file := filepath.Join(home(t), "notes.db")
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("no database at all\n", 1000)), 0o600))
	got := command(t, "", "call", "--db", file, "attrove_profile")
	assert.Equal(t, exitError, got.exit)
	assert.Contains(t, got.err, "STORAGE_ERROR")
	assert.Contains(t, got.err, file)
}

// TestImportThenAsk is the way of a new user: import a mailbox, ask about it.
func TestImportThenAsk(t *testing.T) {
	dir := home(t)
	file, db := filepath.Join(dir, "mail.mbox"), filepath.Join(dir, "mail.db")
	require.NoError(t, os.WriteFile(file, []byte(mailbox), 0o600))

	first := command(t, "", "import", "--db", db, "--me", "ben@birch.example", file)
	require.Equal(t, exitOK, first.exit, first.err)
	assert.Contains(t, first.out, "2 items: 2 imported now")

	again := command(t, "", "import", "--db", db, file)
	require.Equal(t, exitOK, again.exit, again.err)
	assert.Contains(t, again.out, "0 imported now")

	stats := command(t, "", "call", "--db", db, "attrove_sync_stats")
	require.Equal(t, exitOK, stats.exit, stats.err)
	assert.Contains(t, stats.out, `"messages": 2`, "importing twice imports nothing twice")

	found := command(t, "", "call", "--db", db, "--as-of", "2026-05-05", "attrove_search", `{"query": "signed lease", "include_body_text": true}`)
	require.Equal(t, exitOK, found.exit, found.err)
	assert.Contains(t, found.out, "Ben, can you send me the signed lease by Friday?")

	asked := command(t, "", "call", "--db", db, "--as-of", "2026-05-05", "attrove_query", `{"query": "Who wants the signed lease?"}`)
	require.Equal(t, exitOK, asked.exit, asked.err)
	assert.Regexp(t, `lease[^\[]*\[msg_[a-z0-9]+\]`, asked.out)
	assert.Contains(t, asked.out, `"coverage"`)
}

// A message that is too long to go in is cut, and not in silence.
func TestImportSaysWhatItCut(t *testing.T) {
	dir := home(t)
	file := filepath.Join(dir, "mail.mbox")
	huge := "From c@c.example Mon May  4 11:00:00 2026\nFrom: c@c.example\nSubject: huge\nMessage-ID: <huge@c.example>\n\n" +
		strings.Repeat(strings.Repeat("word ", 15)+"\n", 150_000)
	require.NoError(t, os.WriteFile(file, []byte(mailbox+"\n"+huge), 0o600))
	got := command(t, "", "import", "--db", filepath.Join(dir, "mail.db"), file)
	assert.Equal(t, exitOK, got.exit)
	assert.Contains(t, got.out, "3 items: 3 imported now, 0 already there, 0 left out, 0 failed")
	assert.Regexp(t, `message at byte \d+: kept without the last [0-9,]+ bytes of its text`, got.err)
}

func TestImportSaysWhatItCannotRead(t *testing.T) {
	dir := home(t)
	binary := filepath.Join(dir, "photo.mbox")
	require.NoError(t, os.WriteFile(binary, bytes.Repeat([]byte{0, 0xff, 'x'}, 1000), 0o600))
	for name, path := range map[string]string{"not mail": binary, "a directory": dir, "not there": filepath.Join(dir, "none.mbox")} {
		t.Run(name, func(t *testing.T) {
			got := command(t, "", "import", "--db", filepath.Join(dir, "mail.db"), path)
			assert.Equal(t, exitError, got.exit)
			assert.Contains(t, got.err, path)
		})
	}
}
