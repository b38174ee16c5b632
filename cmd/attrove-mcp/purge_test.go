package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Words that stand nowhere else, by where they are planted. Olga's go when she is
// forgotten, the others stay.
func olgas() []string {
	return []string{"zolgabodyk", "zolgasubjectk", "zolganamek", "zolgaattachmentk", "zolgaeventk", "zolgamentionk", "olga.planted@globex.example"}
}

func others() []string {
	return []string{"zpeterbodyk", "zpetersubjectk", "zpeternamek", "zpeterattachmentk", "zpetereventk", "ztranscriptk", "znotek", "zgoalk", "zfilek",
		"peter.planted@initech.example"}
}

func all() []string { return slices.Concat(olgas(), others()) }

// planted are a home with a database that has all of these words, and the files
// that they were imported from.
type planted struct {
	*testing.T
	home, mail string
}

func plant(t *testing.T) planted {
	t.Helper()
	p := planted{T: t, home: home(t), mail: filepath.Join(t.TempDir(), "zfilek")}
	require.NoError(t, os.MkdirAll(p.mail, 0o700))
	letter := func(who, address, to, extra string) string {
		return fmt.Sprintf("From %[2]s Mon Nov  2 09:00:00 2026\nFrom: Z%[1]snamek <%[2]s>\nTo: %[3]s\nSubject: Z%[1]ssubjectk\nDate: Mon, 2 Nov 2026 09:00:00 +0000\n"+
			"Message-ID: <%[1]s%[4]d@mail.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe z%[1]sbodyk is done.\n%[5]s\n"+
			"--b\nContent-Type: text/plain; name=\"z%[1]sattachmentk.txt\"\nContent-Disposition: attachment; filename=\"z%[1]sattachmentk.txt\"\n\nx\n--b--\n\n",
			who, address, to, len(extra), extra)
	}
	mbox := letter("olga", "Olga.Planted@globex.example", "sam@acme.example", "") +
		letter("peter", "peter.planted@initech.example", "sam@acme.example", "") +
		letter("peter", "peter.planted@initech.example", "sam@acme.example", "On Monday zolgamentionk <olga.planted@globex.example> wrote that.")
	p.write("mail.mbox", mbox)
	for i, who := range []string{"olga.planted@globex.example", "peter.planted@initech.example"} {
		name := strings.Split(who, ".")[0]
		p.write(name+".ics", fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:%d\r\nDTSTAMP:20261101T090000Z\r\nDTSTART:20261103T090000Z\r\nDTEND:20261103T100000Z\r\n"+
			"SUMMARY:Z%seventk\r\nATTENDEE;CN=X:mailto:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", i, name, who))
	}
	p.write("standup.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Peter>We decided on the ztranscriptk today.\n")
	p.importAgain()
	p.does("call", "--yes", "attrove_push_note", `{"body":"The znotek is here.","title":"n"}`)
	p.does("call", "--yes", "attrove_create_goal", `{"title":"The zgoalk is done","watch_scope":{"keywords":["done"]},"description":"Ask olga.planted@globex.example."}`)
	p.does("call", "attrove_list_goals") // waits for the evaluation
	require.Equal(t, all(), p.traces(), "they can be seen")
	return p
}

func (p planted) write(name, text string) {
	p.Helper()
	require.NoError(p, os.WriteFile(filepath.Join(p.mail, name), []byte(text), 0o600))
}

// does runs a command on the default database.
func (p planted) does(args ...string) result {
	p.Helper()
	got := command(p.T, "", append([]string{args[0], "--local"}, args[1:]...)...)
	require.Equal(p, exitOK, got.exit, "%s: %s", args, got.err)
	return got
}

func (p planted) importAgain() string {
	p.Helper()
	return p.does("import", "--me", "sam@acme.example", p.mail).out
}

// forgetImports has the next import read all of the files.
func (p planted) forgetImports() {
	p.Helper()
	notes, err := filepath.Glob(filepath.Join(p.home, "attrove-mcp", "import-*.json"))
	require.NoError(p, err)
	require.NotEmpty(p, notes)
	for _, note := range notes {
		require.NoError(p, os.Remove(note))
	}
}

// traces are the planted words that are in any file of the home, by the bytes.
func (p planted) traces() []string {
	p.Helper()
	found := map[string]bool{}
	files := 0
	require.NoError(p, filepath.WalkDir(p.home, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		content, err := os.ReadFile(name)
		content = append(bytes.ToLower(content), strings.ToLower(name)...)
		for _, word := range all() {
			if bytes.Contains(content, []byte(word)) {
				found[word] = true
			}
		}
		return err
	}))
	require.NotZero(p, files)
	return without(all(), func(word string) bool { return !found[word] })
}

func without(words []string, gone func(string) bool) []string { return slices.DeleteFunc(words, gone) }

// TestForgottenAccounts are those of people who wrote without an address.
func TestForgottenAccounts(t *testing.T) {
	p := planted{T: t, home: home(t), mail: filepath.Join(t.TempDir(), "slack")}
	require.NoError(t, os.MkdirAll(filepath.Join(p.mail, "general"), 0o700))
	p.write("users.json", `[{"id":"U1","name":"zolganamek","profile":{}},{"id":"U12","name":"zpeternamek","profile":{}}]`)
	p.write("channels.json", `[{"id":"C1","name":"general","members":["U1","U12"]}]`)
	p.write("general/2024-01-31.json", `[{"type":"message","user":"U1","ts":"1706700000.000200","text":"The zolgabodyk"},
		{"type":"message","user":"U12","ts":"1706700001.000200","text":"<@U1>: zolgamentionk"},{"type":"message","user":"U12","ts":"1706700002.000200","text":"The zpeterbodyk"}]`)
	hers, his := []string{"zolgabodyk", "zolganamek", "zolgamentionk"}, []string{"zpeterbodyk", "zpeternamek"}
	p.importAgain()
	require.ElementsMatch(t, slices.Concat(hers, his), p.traces())

	assert.Contains(t, command(t, "", "people", "show", "--local", "zolganamek").out, "slack:U1\n")
	assert.Contains(t, command(t, "", "forget", "--local", "slack").err, "an account such as slack:U0123")
	assert.Contains(t, p.does("purge", "--dry-run", "--person", "slack:u1").out, "2 messages")
	p.does("forget", "--yes", "slack:U1")
	assert.ElementsMatch(t, his, p.traces())
	p.forgetImports()
	assert.Contains(t, p.importAgain(), "left out: 2 kept out by the organization's settings or forgotten")
	assert.ElementsMatch(t, his, p.traces())
	p.does("forget", "--undo", "slack:U1")
	p.forgetImports()
	p.importAgain()
	assert.ElementsMatch(t, slices.Concat(hers, his), p.traces())
}

func TestForgottenPeopleAreInNoFileAndStayAway(t *testing.T) {
	p := plant(t)
	looked := p.does("forget", "--dry-run", "olga.planted@globex.example")
	assert.Contains(t, looked.out, "2 messages")
	assert.Contains(t, looked.out, "1 events")
	assert.Contains(t, looked.out, "Nothing was removed.")
	require.Subset(t, p.traces(), olgas())
	refused := command(t, "", "forget", "--local", "olga.planted@globex.example")
	assert.Equal(t, exitUsage, refused.exit, "nobody can be asked")
	assert.Contains(t, refused.err, "--yes")
	require.Subset(t, p.traces(), olgas())

	// What a migration left behind has it all, too.
	backup := filepath.Join(p.home, "attrove-mcp", "attrove.db.bak-v1")
	require.NoError(t, os.WriteFile(backup, []byte(strings.Join(olgas(), " ")), 0o600))

	p.does("forget", "--yes", "Olga.Planted@Globex.example")
	assert.Equal(t, others(), p.traces())
	assert.NoFileExists(t, backup)
	p.forgetImports()
	again := p.importAgain()
	assert.Contains(t, again, "3 left out")
	assert.Contains(t, again, "forgotten")
	assert.Equal(t, others(), p.traces(), "it does not come back")
	pushed := command(t, "", "call", "--local", "--yes", "attrove_push_note", `{"body":"olga.planted@globex.example called"}`)
	assert.Equal(t, exitError, pushed.exit)
	assert.Contains(t, pushed.err, "EXCLUDED")
	assert.Equal(t, others(), p.traces())
	goals := p.does("call", "attrove_list_goals")
	assert.Contains(t, goals.out, "zgoalk", "what is the user's own stays")

	assert.Contains(t, p.does("forget", "--undo", "olga.planted@globex.example", "nobody@globex.example").out, "1 of 2")
	p.forgetImports()
	p.importAgain()
	assert.Contains(t, p.traces(), "zolgabodyk")
}

func TestPurgeLeavesNothingInAnyFile(t *testing.T) {
	for name, tc := range map[string]struct {
		args  []string
		gone  func(word string) bool
		again bool // the same files bring it back
	}{
		"person": {[]string{"--person", "olga.planted@globex.example"}, func(word string) bool { return slices.Contains(olgas(), word) }, false},
		"source": {[]string{"--source", "Meeting"}, func(word string) bool { return word == "ztranscriptk" }, false},
		"before": {[]string{"--before", "2026-11-03"}, func(word string) bool {
			return !slices.Contains([]string{"zolgaeventk", "zpetereventk", "znotek", "zgoalk", "zfilek", "ztranscriptk"}, word) && !strings.Contains(word, "@")
		}, false},
		"all": {[]string{"--all"}, func(string) bool { return true }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := plant(t)
			p.does(append([]string{"purge", "--yes"}, tc.args...)...)
			assert.Equal(t, without(all(), tc.gone), p.traces())
			p.importAgain()
			if tc.again {
				assert.Contains(t, p.traces(), "zpeterbodyk")
			} else {
				assert.Equal(t, without(all(), tc.gone), p.traces())
			}
		})
	}
}

func TestPurgeIsAskedForRightly(t *testing.T) {
	p := plant(t)
	for _, tc := range []struct {
		err  string
		args []string
	}{
		{"--all, --source, --person or --before", nil},
		{"can't be used together", []string{"--all", "--source", "email"}},
		{"there is: ", []string{"--source", "fax"}},
		{"2024-01-31", []string{"--before", "yesterday"}},
		{"an account such as slack:U0123, and nothing else", []string{"--person", "Olga <olga.planted@globex.example>"}},
		{"is your own", []string{"--person", "sam@acme.example"}},
		{"there is no database", []string{"--all", "--db", filepath.Join(t.TempDir(), "none.db")}},
	} {
		got := command(t, "", append([]string{"purge", "--yes"}, tc.args...)...)
		assert.Equal(t, exitUsage, got.exit, tc.args)
		assert.Contains(t, got.err, tc.err)
	}
	assert.Subset(t, p.traces(), all())
}

func TestExport(t *testing.T) {
	p := plant(t)
	file := filepath.Join(t.TempDir(), "mine.jsonl")
	p.does("export", "-o", file)
	again := command(t, "", "export", "--local", "-o", file)
	assert.Equal(t, exitUsage, again.exit)
	assert.Contains(t, again.err, "is not overwritten")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(text), p.does("export").out)
	var kinds []string
	for line := range strings.Lines(string(text)) {
		var one struct{ Kind, ID string }
		require.NoError(t, json.Unmarshal([]byte(line), &one), line)
		kinds = append(kinds, one.Kind)
	}
	assert.Equal(t, []string{"profile", "settings", "integration", "calendar", "conversation", "entity", "message", "meeting", "event", "note",
		"goal", "goal_snapshot", "goal_event"}, slices.Compact(kinds))
	for _, word := range all() {
		if word != "zfilek" { // of the file's name nothing is known to the API
			assert.Contains(t, strings.ToLower(string(text)), word)
		}
	}
}

// TestPrivacyDocument runs the commands that it tells people to run.
func TestPrivacyDocument(t *testing.T) {
	text, err := os.ReadFile("../../PRIVACY.md")
	require.NoError(t, err)
	plant(t)
	t.Chdir(t.TempDir())
	ran := 0
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, "attrove-mcp ")
		if !ok {
			continue
		}
		got := command(t, "", strings.Fields(rest)...)
		assert.Equal(t, exitOK, got.exit, "%s: %s", line, got.err)
		ran++
	}
	assert.Equal(t, 9, ran)
	assert.FileExists(t, "mine.jsonl")
}

// TestRemembered: once forget is taken back, the same files bring back whatever names
// the person, whether it was removed or kept out, and nothing else that was removed.
func TestRemembered(t *testing.T) {
	p := plant(t)
	p.does("purge", "--yes", "--source", "meeting")
	p.does("forget", "--yes", "olga.planted@globex.example")
	p.write("late.mbox", "From x Mon Nov  2 09:00:00 2026\nFrom: Peter <peter.planted@initech.example>\nTo: OLGA.planted@globex.example\nSubject: Zolgasubjectk\n"+
		"Message-ID: <late@mail.example>\nDate: Mon, 2 Nov 2026 09:00:00 +0000\n\nText.\n\n")
	gone := append(olgas(), "ztranscriptk")
	rest := without(all(), func(word string) bool { return slices.Contains(gone, word) })
	assert.Contains(t, p.importAgain(), "1 kept out by the organization's settings or forgotten")
	require.Equal(t, rest, p.traces())

	assert.Contains(t, p.does("forget", "--undo", "olga.planted@globex.example").out, "1 of 1")
	p.does("forget", "--yes", "olga.planted@globex.example")
	assert.Contains(t, p.importAgain(), "0 imported now", "it is forgotten again")
	require.Equal(t, rest, p.traces(), "nor does the progress of imports name her")

	p.does("forget", "--undo", "olga.planted@globex.example")
	assert.Contains(t, p.importAgain(), "7 items: 4 imported now, 3 already there, 0 left out, 0 failed")
	assert.Equal(t, without(all(), func(word string) bool { return word == "ztranscriptk" }), p.traces())
	assert.Contains(t, p.importAgain(), "7 items: 0 imported now, 7 already there, 0 left out, 0 failed")
	assert.Contains(t, p.does("call", "attrove_sync_stats").out, `"messages": 4`)
}
