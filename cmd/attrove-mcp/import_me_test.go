package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatISaidHolds: a server's --me, and that of an import, say who somebody is who has
// not said so themselves.
func TestWhatISaidHolds(t *testing.T) {
	p := planted{T: t, home: home(t), mail: t.TempDir()}
	p.write("box.mbox", "From x Mon Nov  2 09:00:00 2026\nFrom: cy@globex.example\nTo: sam@acme.example\nDate: Mon, 2 Nov 2026 09:00:00 +0000\nMessage-ID: <1>\n\nHello.\n\n")
	me := func(args ...string) string {
		got := command(t, "", append([]string{"people", "me"}, args...)...)
		require.Equal(t, exitOK, got.exit, got.err)
		return got.out
	}
	assert.Contains(t, p.does("import", "--me", "bob@acme.example", p.mail).out, "you: bob@acme.example (as you said: bob@acme.example)")
	p.does("call", "--me", "sam@acme.example", "attrove_query", `{"query":"What did I promise?"}`)
	assert.Contains(t, me(), "You are sam@acme.example.\n", "the last flag")

	assert.Contains(t, me("ann@acme.example"), "You are ann@acme.example.\n")
	p.does("call", "--me", "sam@acme.example", "attrove_query", `{"query":"What did I promise?"}`)
	assert.Contains(t, p.does("import", "--me", "bob@acme.example", p.mail).out, "you: ann@acme.example (as you have said before, which --me does not change)")
	assert.Contains(t, me(), "You are ann@acme.example.\n")
	assert.Contains(t, me("eve@acme.example"), "You are eve@acme.example.\n", "they can say otherwise")
}

// TestImportToAnAccount: who the user of an account is, the account knows; people me
// is of no use there.
func TestImportToAnAccount(t *testing.T) {
	p := serveAPI(t, "--db", filepath.Join(t.TempDir(), "account.db"))
	for name, value := range p.env {
		t.Setenv(name, value)
	}
	file := filepath.Join(t.TempDir(), "box.mbox")
	require.NoError(t, os.WriteFile(file, []byte(oneMail), 0o600))
	for _, want := range []string{"1 item: 1 imported now", "1 item: 0 imported now, 1 already there"} {
		var out, errOut strings.Builder
		exit := run(t.Context(), []string{"import", file}, strings.NewReader(""), &out, &errOut)
		require.Equal(t, exitOK, exit, "%s", &errOut)
		assert.Contains(t, out.String(), want)
		assert.NotContains(t, out.String(), "you:")
	}
}
