package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// acquainted is a home whose database has mail between the given people: "from,
// to" each.
func acquainted(t *testing.T, mail ...string) planted {
	t.Helper()
	p := planted{T: t, home: home(t), mail: t.TempDir()}
	var mbox strings.Builder
	for i, one := range mail {
		from, to, _ := strings.Cut(one, ", ")
		fmt.Fprintf(&mbox, "From x Mon Nov  2 09:00:%02[1]d 2026\nFrom: %[2]s\nTo: %[3]s\nSubject: S%[1]d\nDate: Mon, 2 Nov 2026 09:00:%02[1]d +0000\nMessage-ID: <%[1]d@mail.example>\n\nHello.\n\n", i, from, to)
	}
	p.write("mail.mbox", mbox.String())
	p.importAgain()
	return p
}

func TestPeople(t *testing.T) {
	p := acquainted(t,
		"Orsolya Vidakovic <ov@acme.example>, sam@acme.example", "Orsolya Vidakovic <orsi@lake.example>, sam@acme.example",
		"John Smith <js@globex.example>, sam@acme.example", "John Smith <john@initech.example>, sam@acme.example",
		"Sam <sam@acme.example>, Johnny <jj@lake.example>", "sam@acme.example, ov@acme.example, orsi@lake.example")
	people := func(args ...string) result { return command(t, "", append([]string{"people"}, args...)...) }
	listed := people("list", "vidak")
	require.Equal(t, exitOK, listed.exit, listed.err)
	assert.Regexp(t, `(?m)^ent_\S+  person  Orsolya Vidakovic  orsi@lake.example, ov@acme.example$`, listed.out)
	id := regexp.MustCompile(`ent_\S+`).FindString(listed.out)
	assert.Equal(t, 1, strings.Count(people("list", "--merged").out, "\n"))

	for _, c := range []struct {
		name     string
		args     []string
		exit     int
		out, err string
	}{
		{"why", []string{"show", "Orsolya Vidakovic"}, exitOK, "ov@acme.example (the same rare name)", ""},
		{"by an id", []string{"show", id}, exitOK, "Orsolya Vidakovic, person, " + id, ""},
		{"by part of a name", []string{"show", "orsol"}, exitOK, id, ""},
		{"nobody", []string{"show", "Zoltan"}, exitUsage, "", "no contact has this name, address or id: Zoltan: attrove-mcp people list"},
		{"ambiguous", []string{"show", "John Smith"}, exitUsage, "john@initech.example", `"John Smith" may be several people: say whom you mean`},
		{"one is not several", []string{"merge", "ov@acme.example", "orsi@lake.example"}, exitUsage, "", "is one already"},
		{"no company", []string{"merge", id, "@globex.example"}, exitUsage, "", "only people can be merged"},
		{"merge", []string{"merge", "JS@globex.example", "jj@lake.example"}, exitOK, "is one person: jj@lake.example, js@globex.example.", ""},
		{"merge more", []string{"merge", "jj@lake.example", "john@initech.example"}, exitOK, "john@initech.example", ""},
		{"why now", []string{"show", "js@globex.example"}, exitOK, "(what you said)", ""},
		{"not theirs", []string{"split", id, "js@globex.example"}, exitUsage, "", "is none of the addresses of Orsolya Vidakovic: they are orsi@lake.example, ov@acme.example"},
		{"all of them", []string{"split", id, "ov@acme.example", "orsi@lake.example"}, exitUsage, "", "leave at least one"},
		{"split", []string{"split", id, "OV@acme.example"}, exitOK, "is a person of their own: ov@acme.example.", ""},
		{"split apart", []string{"list", "ov@acme"}, exitOK, "person  Orsolya Vidakovic  ov@acme.example\n", ""},
		{"undo", []string{"undo"}, exitOK, "Took back the split of ov@acme.example", ""},
		{"together again", []string{"list", "ov@acme"}, exitOK, "orsi@lake.example, ov@acme.example", ""},
	} {
		got := people(c.args...)
		assert.Equal(t, c.exit, got.exit, "%s: %s", c.name, got.err)
		assert.Contains(t, got.out, c.out, c.name)
		assert.Contains(t, got.err, c.err, c.name)
	}

	// What was said holds when the same mail comes again.
	gone := command(t, "", "purge", "--yes", "--source", "email")
	require.Equal(t, exitOK, gone.exit, gone.err)
	assert.Contains(t, people("list").err, "No contact matches")
	p.forgetImports()
	p.importAgain()
	assert.Contains(t, people("list", "jj@").out, "js@globex.example")

	removed := command(t, "", "forget", "--dry-run", "ov@acme.example")
	assert.Contains(t, removed.out, "ov@acme.example is also known as orsi@lake.example. What has only these in it stays")
	for range 2 {
		assert.Equal(t, exitOK, people("undo").exit)
	}
	nothing := people("undo")
	assert.Equal(t, exitUsage, nothing.exit)
	assert.Contains(t, nothing.err, "nobody was merged or split")
}

func TestWhoIAm(t *testing.T) {
	acquainted(t, "Orsolya Vidakovic <ov@acme.example>, sam@acme.example", "Orsolya Vidakovic <orsi@lake.example>, ov@acme.example",
		"sam@acme.example, orsi@lake.example")
	me := func(args ...string) result { return command(t, "", append([]string{"people", "me"}, args...)...) }
	assert.Contains(t, me().out, "You are sam@acme.example.\n")
	for _, wrong := range []string{"Sam <sam@acme.example>", "sam"} {
		got := me(wrong)
		assert.Equal(t, exitUsage, got.exit)
		assert.Contains(t, got.err, "must be an e-mail address or an account such as slack:U0123, and nothing else")
	}
	got := me("OV@acme.example")
	assert.Contains(t, got.out, "You are ov@acme.example.\nTaken for yours as well: orsi@lake.example. If one is not yours: attrove-mcp people split ov@acme.example ADDRESS\n")
	assert.Contains(t, command(t, "", "people", "list").out, "user  ")
	refused := command(t, "", "people", "split", "ov@acme.example", "ov@acme.example")
	assert.Equal(t, exitUsage, refused.exit)
	assert.Contains(t, refused.err, "say which are: attrove-mcp people me")
	assert.Contains(t, command(t, "", "forget", "--dry-run", "orsi@lake.example").err, "is your own")
	split := command(t, "", "people", "split", "ov@acme.example", "orsi@lake.example")
	require.Equal(t, exitOK, split.exit, split.err)
	assert.NotContains(t, me().out, "as well")
	assert.Contains(t, command(t, "", "people", "list", "sam@").out, "person")
}

// TestMyAccount is how somebody says who they are where there are no addresses.
func TestMyAccount(t *testing.T) {
	p := planted{T: t, home: home(t), mail: filepath.Join(t.TempDir(), "slack")}
	require.NoError(t, os.MkdirAll(filepath.Join(p.mail, "general"), 0o700))
	p.write("users.json", `[{"id":"U1","profile":{"real_name":"Orsolya Vidakovic"}},{"id":"U2","profile":{"real_name":"Bela Kunhegyesi"}}]`)
	p.write("channels.json", `[{"id":"C1","name":"general","members":["U1","U2"]}]`)
	p.write("general/2026-11-02.json", `[{"type":"message","user":"U1","ts":"1793610000.000200","text":"I will send you the glazes on Friday."},
		{"type":"message","user":"U2","ts":"1793610001.000200","text":"Fine."}]`)
	assert.Contains(t, p.does("import", p.mail).out, "only mail tells whose it is")
	me := func(args ...string) result { return command(t, "", append([]string{"people", "me"}, args...)...) }
	promised := func() string {
		return p.does("call", "--as-of", "2026-11-03", "attrove_query", `{"query":"What did I promise?"}`).out
	}
	assert.NotContains(t, promised(), "glazes")
	assert.Contains(t, me("slack:U3").err, "no contact has this name, address or id: slack:u3: write an account as attrove-mcp people list shows it")
	got := me("slack:u1")
	require.Equal(t, exitOK, got.exit, got.err)
	assert.Contains(t, got.out, "You are slack:U1.\n")
	assert.Contains(t, promised(), "You wrote")
	require.Equal(t, exitOK, me("slack:U2").exit)
	assert.NotContains(t, promised(), "glazes", "it is another's promise now")
	assert.Contains(t, command(t, "", "forget", "--dry-run", "slack:U2").err, "is your own")
}

// TestImportProposesWhoIAm: what an import makes of sent mail is shown, kept, and
// gives way to what the user says.
func TestImportProposesWhoIAm(t *testing.T) {
	p := planted{T: t, home: home(t), mail: t.TempDir()}
	write := func(who string) {
		var mbox strings.Builder
		for i := range 5 {
			fmt.Fprintf(&mbox, "From x Mon Nov  2 09:00:00 2026\nFrom: %[2]s\nTo: cy%[1]d@globex.example\nDate: Mon, 2 Nov 2026 09:00:0%[1]d +0000\nMessage-ID: <%[1]d%[2]s>\n\nI will send it tomorrow.\n\n", i, who)
		}
		p.write("Sent.mbox", mbox.String())
	}
	write("sam@acme.example")
	assert.Contains(t, p.does("import", p.mail).out, "you: sam@acme.example (wrote what lies in the folders of sent mail); if that is wrong: attrove-mcp people me ADDRESS\n")
	assert.Contains(t, command(t, "", "people", "me").out, "You are sam@acme.example.\n")
	assert.Contains(t, p.does("call", "attrove_query", `{"query":"What did I promise?"}`).out, "tomorrow")

	require.Equal(t, exitOK, command(t, "", "people", "me", "ann@acme.example").exit)
	assert.NotContains(t, p.does("call", "attrove_query", `{"query":"What did I promise?"}`).out, "tomorrow", "it is no promise of theirs")
	assert.Contains(t, p.does("import", p.mail).out, "you: ann@acme.example (as known before)")
	write("bob@acme.example")
	assert.Contains(t, p.does("import", p.mail).out, "you: ann@acme.example (as known before; what was imported now looks like that of bob@acme.example)")
}
