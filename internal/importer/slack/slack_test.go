package slack

import (
	"archive/zip"
	"os"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

const users = `[{"id":"U1","name":"ann","profile":{"real_name":"Ann Ash","email":"Ann@Acme.example"}},
	{"id":"U2","name":"bob","real_name":"Bob Birch","profile":{}}, {"id":"U3","name":"beep","is_bot":true,"profile":{"real_name":"Beep"}}]`

func export(t *testing.T, day string) *Export {
	t.Helper()
	e, err := Open(fstest.MapFS{
		"users.json":               {Data: []byte(users)},
		"channels.json":            {Data: []byte(`[{"id":"C1","name":"general","members":["U1","U2"]}]`)},
		"dms.json":                 {Data: []byte(`[{"id":"D1","members":["U1","U2"]}]`)},
		"general/2024-01-31.json":  {Data: []byte(day)},
		"general/2024-01-30.json":  {Data: []byte(`[]`)},
		"general/notes.txt":        {Data: []byte(`x`)},
		"unlisted/2024-02-01.json": {Data: []byte(`[{"type":"message","user":"U2","ts":"1706745600.000100","text":"hi"}]`)},
		"D1/2024-02-02.json":       {Data: []byte(`[{"type":"message","user":"U2","ts":"1706832000.000100","text":"just us"}]`)},
	})
	require.NoError(t, err)
	return e
}

func read(t *testing.T, day string) Messages {
	t.Helper()
	got, err := export(t, day).Read(Day{Dir: "general", Date: "2024-01-31"})
	require.NoError(t, err)
	return got
}

func TestMessage(t *testing.T) {
	got := read(t, `[{"type":"message","user":"U1","ts":"1706700000.000200","thread_ts":"1706690000.000100","edited":{"user":"U1","ts":"1706700100.000000"},
		"text":"<@U2> see <https://acme.example/x|the plan> &amp; <#C1> &lt;3","files":[{"name":"plan.pdf","mimetype":"application/pdf","size":7,
		"permalink":"https://acme.slack.com/files/U1/F1/plan.pdf?t=xoxe-1","url_private":"https://files.slack.com/files-pri/T1-F1/plan.pdf?t=xoxe-123"}]}]`)
	require.Len(t, got.All, 1)
	assert.Equal(t, attrove.PushMessageIn{
		Source: "slack", BodyText: "@Bob Birch see the plan (https://acme.example/x) & #general <3", SenderEmail: "ann@acme.example", SenderName: "Ann Ash",
		SentAt: "2024-01-31T11:20:00Z", ExternalID: "slack:C1:1706700000.000200", ExternalThreadID: "slack:C1:1706690000.000100",
		Metadata: attrove.Object{
			attrove.MetaConversation: "#general", attrove.MetaOrigin: "general/2024-01-31.json", attrove.MetaSenderID: "slack:U1",
			attrove.MetaMentions: []mention{{ID: "slack:U2", Name: "Bob Birch"}},
			attrove.MetaEditedAt: "2024-01-31T11:21:40Z", attrove.MetaInReplyTo: "slack:C1:1706690000.000100",
			attrove.MetaAttachments: []upload{{Name: "plan.pdf", Type: "application/pdf", Bytes: 7, URL: "https://files.slack.com/files-pri/T1-F1/plan.pdf"}},
		},
	}, got.All[0])
}

func TestWhoIsMentioned(t *testing.T) {
	e := export(t, `[]`)
	assert.Equal(t, []mention{{ID: "slack:U1", Name: "Ann Ash", Email: "ann@acme.example"}, {ID: "slack:U9", Name: "gone"}},
		e.mentioned("<@U1> and <@U9|gone>, <@U1>: <!here> <#C1|general> <mailto:x@y.example|x> <@"))
	assert.Empty(t, e.mentioned("nobody"))
}

func TestWhoWrites(t *testing.T) {
	for text, want := range map[string]struct {
		name string
		bot  bool
	}{
		`"user":"U2"`: {"Bob Birch", false},
		`"user":"U9","user_profile":{"real_name":"Gone Girl"}`: {"Gone Girl", false},
		`"user":"U3"`: {"Beep", true},
		`"subtype":"bot_message","bot_id":"B1","username":"Tracker"`: {"Tracker", true},
		`"bot_id":"B1","bot_profile":{"name":"Deploys"}`:             {"Deploys", true},
	} {
		got := read(t, `[{"type":"message","ts":"1706700000.000200","text":"x",`+text+`}]`)
		require.Len(t, got.All, 1, text)
		assert.Equal(t, want.name, got.All[0].SenderName)
		assert.Equal(t, want.bot, got.All[0].Metadata[attrove.MetaBot] == true, text)
	}
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		`"text":"<!here> <!subteam^S1|@team> <!date^1^{date}|today>"`:                                       "@here @team today",
		`"text":"mail <mailto:a@b.example|a@b.example> or <https://a.example>"`:                             "mail a@b.example or https://a.example",
		`"text":"https://files.slack.com/files-pri/T-F/x.png?t=xoxe-1-abc and xoxb-12-ab"`:                  "https://files.slack.com/files-pri/T-F/x.png and (token)",
		`"text":"","attachments":[{"title":"Build 7","text":"failed","fallback":"x"}]`:                      "Build 7\nfailed",
		`"text":"see <https://a.example>","attachments":[{"from_url":"https://a.example","text":"A site"}]`: "see https://a.example",
		`"text":"","files":[{"name":"a.png"}]`:                                                              "(This message has no text, only files: a.png.)",
		`"text":"<@U404> and <@U405|eve>"`:                                                                  "@U404 and @eve",
	} {
		got := read(t, `[{"type":"message","user":"U1","ts":"1706700000.000200",`+text+`}]`)
		require.Len(t, got.All, 1, text)
		assert.Equal(t, want, got.All[0].BodyText)
	}
}

func TestWhatIsNoMessage(t *testing.T) {
	got := read(t, `[{"type":"message","subtype":"channel_join","user":"U1","ts":"1706700000.000200","text":"joined"},
		{"type":"message","subtype":"tombstone","user":"USLACKBOT","ts":"1706700000.000300","text":"This message was deleted."},
		{"type":"message","subtype":"message_changed","ts":"9","message":{"type":"message","user":"U1","ts":"1706700000.000400","text":"new words","edited":{"ts":"1706700001.0"}}},
		{"type":"message","user":"U1","text":"no time"}, {"type":"message","user":"U1","ts":"soon","text":"none either"},
		{"type":"message","user":"U1","ts":"-1706700000.0","text":"long ago"}, {"type":"message","user":"U1","ts":"1706700000000","text":"in milliseconds"}, 17, {"id":"F1","filetype":"quip"}]`)
	require.Len(t, got.All, 1)
	assert.Equal(t, "new words", got.All[0].BodyText)
	assert.Equal(t, map[string]int{"notices of who joined and left": 1, "deleted messages": 1, "canvases and other things that are no messages": 1}, got.Left)
	assert.Len(t, got.Problems, 5)
	assert.Len(t, read(t, `{"not":"a list"}`).Problems, 1)
}

func TestConversations(t *testing.T) {
	e := export(t, `[]`)
	var days []string
	for _, d := range e.Days() {
		days = append(days, d.Path())
	}
	assert.Equal(t, []string{"general/2024-01-30.json", "general/2024-01-31.json", "unlisted/2024-02-01.json", "D1/2024-02-02.json"}, days)
	got, err := e.Read(e.Days()[2])
	require.NoError(t, err)
	assert.Equal(t, "#unlisted", got.All[0].Metadata[attrove.MetaConversation])
	got, err = e.Read(e.Days()[3])
	require.NoError(t, err)
	assert.Equal(t, "Ann Ash, Bob Birch", got.All[0].Metadata[attrove.MetaConversation])
	assert.Equal(t, []attrove.Address{{Email: "ann@acme.example", Name: "Ann Ash"}}, got.All[0].Recipients)

	_, err = Open(fstest.MapFS{"users.json": {Data: []byte(`[]`)}})
	require.ErrorIs(t, err, ErrNotExport)
	_, err = Open(fstest.MapFS{"users.json": {Data: []byte(`{`)}, "a/2024-01-01.json": {Data: []byte(`[]`)}})
	require.ErrorContains(t, err, "users.json")
}

// leaked matches what opens files, and unresolved what stands for a name.
var (
	leaked     = regexp.MustCompile(`xox[a-z]-|files\.slack\.com/[^\s<>|)]*\?`)
	unresolved = regexp.MustCompile(`<[@#!][A-Z]`)
)

// The real export, as a folder of some channels and as a zip of all.
func TestRealExport(t *testing.T) {
	archive, err := zip.OpenReader(realdata.Dir(t, "slack", "r-contributors-slack-export-nobugzilla.zip"))
	require.NoError(t, err)
	defer func() { require.NoError(t, archive.Close()) }()
	folder, err := Open(os.DirFS(realdata.Dir(t, "slack", "r-contributors")))
	require.NoError(t, err)
	whole, err := Open(archive)
	require.NoError(t, err)
	inZip := map[string]attrove.PushMessageIn{}
	for e, want := range map[*Export]int{whole: 7776, folder: 1456} { // besides 9 and 2 canvases, in files of their own
		count, left := 0, 0
		threads := map[string]int{}
		for _, d := range e.Days() {
			got, err := e.Read(d)
			require.NoError(t, err)
			assert.Empty(t, got.Problems)
			for _, n := range got.Left {
				left += n
			}
			for _, m := range got.All {
				count++
				threads[m.ExternalThreadID]++
				require.NotEmpty(t, m.SenderName)
				require.False(t, unresolved.MatchString(m.BodyText), m.BodyText)
				require.False(t, leaked.MatchString(m.BodyText), m.BodyText)
				if e == whole {
					inZip[m.ExternalID] = m
				}
			}
		}
		assert.Equal(t, want, count+left, "all are counted")
		several := 0
		for _, n := range threads {
			if n > 1 {
				several++
			}
		}
		if e == folder {
			assert.InDelta(t, 163, several, 3, "threads with answers")
		}
	}
	for _, d := range folder.Days() {
		got, err := folder.Read(d)
		require.NoError(t, err)
		for _, m := range got.All {
			_, ok := inZip[m.ExternalID]
			require.True(t, ok, "the two forms hold the same messages: %s", m.ExternalID)
		}
	}
}

// Whatever a day holds, each message in it is read or counted.
func FuzzRead(f *testing.F) {
	f.Add(`[{"type":"message","user":"U1","ts":"1706700000.000200","text":"<@U2> <a|b> xoxb-1"}]`)
	f.Add(`[{"subtype":"message_changed","message":{"ts":"1"}},{},null,[]]`)
	f.Fuzz(func(t *testing.T, day string) {
		e, err := Open(fstest.MapFS{"users.json": {Data: []byte(users)}, "a/2024-01-31.json": {Data: []byte(day)}})
		require.NoError(t, err)
		got, err := e.Read(e.Days()[0])
		require.NoError(t, err)
		for _, m := range got.All {
			require.NotEmpty(t, m.BodyText)
			require.False(t, leaked.MatchString(m.BodyText))
		}
	})
}
