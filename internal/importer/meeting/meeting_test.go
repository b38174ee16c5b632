package meeting

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

var modified = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

func TestTranscripts(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"WebVTT, as Zoom writes it": {"WEBVTT\r\n\r\n1\r\n00:00:01.000 --> 00:00:02.000\r\nAnn Ash: Hello.\r\n\r\n2\r\n00:00:03.000 --> 00:00:04.500\r\nBob: Two\r\nlines.\r\n",
			"Ann Ash: Hello.\nBob: Two lines."},
		"WebVTT, as Teams writes it": {"\ufeffWEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000\n<v Ann Ash>Hello &amp; <i>welcome</i>.</v>\n<v.loud Bob>Hi.</v>\n",
			"Ann Ash: Hello & welcome.\nBob: Hi."},
		"SubRip":                    {"1\n00:00:01,000 --> 00:00:02,000\nAnn: Hello.\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}no name here\n", "Ann: Hello.\nno name here"},
		"a cue without a gap":       {"WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnn: One.\n2\n00:03.000 --> 00:04.000\nAnn: Two.\n", "Ann: One.\nAnn: Two."},
		"a bad line costs itself":   {"WEBVTT\n\n00:01 -> 00:02\nlost\n\n00:03.000 --> 00:04.000\nAnn: Kept.\n", "Ann: Kept."},
		"text":                      {"Ann: One.\nBob (ACME): Two.\nand more\nAnn: Three.\nBob (ACME): At 10:30: four.\n", "Ann: One.\nBob (ACME): Two. and more\nAnn: Three.\nBob (ACME): At 10:30: four."},
		"text with times":           {"[00:00:01] Ann: One.\n[00:00:05] Bob: Two.\n[00:00:07] Ann: Three.\n[00:00:09] Bob: Four.", "Ann: One.\nBob: Two.\nAnn: Three.\nBob: Four."},
		"names above, as Otter has": {"Ann Ash  0:01\nOne.\n\nBob  0:05\nTwo.\n\nAnn Ash  0:07\nThree.\n\nBob  0:09\nFour.\n", "Ann Ash: One.\nBob: Two.\nAnn Ash: Three.\nBob: Four."},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(File{Name: "a.vtt", Raw: []byte(c.text), Modified: modified})
			require.NoError(t, err)
			assert.Equal(t, c.want, m.Transcript)
			assert.NotEmpty(t, m.Attendees)
		})
	}
	_, err := Read(File{Name: "a.vtt", Raw: []byte("WEBVTT\n\n"), Modified: modified})
	require.ErrorIs(t, err, ErrNoWords)
}

func TestChatLiesAmongWhatIsSaid(t *testing.T) {
	m, err := Read(File{Name: "standup 2024-01-31.vtt", Modified: modified,
		Raw:  []byte("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAnn: One.\n\n00:01:00.000 --> 00:01:04.000\nAnn: Two.\n"),
		Chat: []byte("00:00:30\tBob:\tSee you\n at four\n00:02:00\t From Carol to Everyone : bye\n")})
	require.NoError(t, err)
	assert.Equal(t, "Ann: One.\nBob: [chat] See you at four\nAnn: Two.\nCarol: [chat] bye", m.Transcript)
	assert.Equal(t, attrove.Lenient[attrove.Attendee]{{Name: "Ann"}, {Name: "Bob"}, {Name: "Carol"}}, m.Attendees)
	assert.EqualValues(t, "2024-01-31T00:02:00Z", m.EndTime)
}

func TestNamesTellTitleAndTime(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	for name, want := range map[string]struct{ title, start, from string }{
		"GMT20240131-150405_Recording.transcript.vtt":          {"Meeting", "2024-01-31T15:04:05Z", attrove.TimeFromName},
		"2024-01-31 15.04.05 Weekly sync/audio_transcript.vtt": {"Weekly sync", "2024-01-31T14:04:05Z", attrove.TimeFromName},
		"acde_2026-02-12_230.vtt":                              {"acde 230", "2026-02-11T23:00:00Z", attrove.TimeFromName},
		"Planning 20240131.srt":                                {"Planning", "2024-01-30T23:00:00Z", attrove.TimeFromName},
		"team__minutes__2024-01-31.txt":                        {"team minutes", "2024-01-30T23:00:00Z", attrove.TimeFromName},
		"ES2002a.txt":                                          {"ES2002a", "2024-05-06T07:08:09Z", attrove.TimeFromFile},
		`C:\calls\kickoff.vtt`:                                 {"kickoff", "2024-05-06T07:08:09Z", attrove.TimeFromFile},
	} {
		m, err := Read(File{Name: name, Raw: []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: One.\n"), Modified: modified, Zone: berlin})
		require.NoError(t, err)
		assert.Equal(t, want.title, m.Title, name)
		assert.EqualValues(t, want.start, m.StartTime, name)
		assert.Equal(t, want.from, m.Metadata[attrove.MetaTimeFrom], name)
	}
}

func TestMinutes(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, title, written string
	}{
		"a heading and a date":      {"a.md", "# Board meeting\n\n31 January 2024\n\nAll present.", "Board meeting", "2024-01-31T00:00:00Z"},
		"a date in the name":        {"minutes-2024-01-31.md", "Present: Ann", "Minutes", "2024-01-31T00:00:00Z"},
		"a heading that was copied": {"minutes_2024-02-28.md", "# Meeting 2024-01-31\n\nText", "Meeting 2024-01-31", "2024-02-28T00:00:00Z"},
		"with its hour":             {"minutes_2024-02-28.md", "# Meeting 2024-02-28 14:30\n\nText", "Meeting 2024-02-28 14:30", "2024-02-28T14:30:00Z"},
		"HTML":                      {"a.html", "<html><head><title>Retro</title></head><body><p>January 31, 2024</p><p>Done.</p></body></html>", "Retro", "2024-01-31T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := Minutes(File{Name: c.file, Raw: []byte(c.text), Modified: modified})
			require.NoError(t, err)
			assert.Equal(t, c.title, n.Title)
			assert.Equal(t, c.written, n.Metadata[attrove.MetaWrittenAt])
			assert.NotContains(t, n.Body, "<p>")
		})
	}
	_, err := Minutes(File{Name: "a.md", Raw: []byte(" \n"), Modified: modified})
	require.ErrorIs(t, err, ErrNoText)
	assert.True(t, LooksLikeMinutes("x/2024-01-31.md", nil))
	assert.True(t, LooksLikeMinutes("a.md", []byte("# Minutes of the board")))
	assert.False(t, LooksLikeMinutes("README.md", []byte("# A library")))
	assert.False(t, LooksLikeMinutes("archive_browser.html", []byte("<title>Archive</title>")))
}

func TestRealTranscripts(t *testing.T) {
	ids := map[string]string{}
	for pattern, want := range map[string]int{"vtt-ethereum-pm/*.vtt": 15, "srt-converted/*.srt": 3, "txt-qmsum/*.txt": 14} {
		files, err := filepath.Glob(filepath.Join(realdata.Dir(t, "transcripts"), pattern))
		require.NoError(t, err)
		require.Len(t, files, want)
		for _, file := range files {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			name := filepath.Base(file)
			m, err := Read(File{Name: name, Raw: raw, Modified: modified})
			require.NoError(t, err, name)
			assert.GreaterOrEqual(t, len(m.Attendees), 3, name)
			spoken := 0
			for line := range strings.Lines(m.Transcript) {
				if speaker.MatchString(strings.TrimSpace(line)) {
					spoken++
				}
			}
			assert.Greater(t, spoken, strings.Count(m.Transcript, "\n")*9/10, "%s: who speaks is known", name)
			stem := strings.TrimSuffix(name, filepath.Ext(name))
			if other, ok := ids[stem]; ok {
				assert.Equal(t, other, m.ExternalID, "%s: the same meeting in both formats", name)
			}
			ids[stem] = m.ExternalID
			if chat, err := os.ReadFile(strings.TrimSuffix(file, ".vtt") + ".chat.txt"); err == nil {
				with, err := Read(File{Name: name, Raw: raw, Chat: chat, Modified: modified})
				require.NoError(t, err)
				assert.Positive(t, strings.Count(with.Transcript, "[chat]"), name)
				assert.Equal(t, m.ExternalID, with.ExternalID, "a chat makes no other meeting of it")
			}
		}
	}
}

func TestRealMinutes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(realdata.Dir(t, "transcripts", "minutes-md"), "*.md"))
	require.NoError(t, err)
	require.Len(t, files, 66)
	undated := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		n, err := Minutes(File{Name: filepath.Base(file), Raw: raw, Modified: modified})
		require.NoError(t, err)
		assert.True(t, LooksLikeMinutes(file, raw), file)
		if n.Metadata[attrove.MetaTimeFrom] == attrove.TimeFromFile {
			undated++
		}
	}
	assert.Equal(t, 2, undated, "two are summaries of years")
}

// Whatever a file holds, what is read of it can be pushed.
func FuzzRead(f *testing.F) {
	f.Add("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>One.\n", "00:00:30\tBob:\tHi", "a_2024-01-31.vtt")
	f.Add("Ann: One.\nBob: Two.\nAnn: Three.\nBob: Four.", "", "GMT20240131-150405.txt")
	f.Add("# Meeting\n\n31 January 2024", "", "2024-02-30 at 25h61.md")
	f.Fuzz(func(t *testing.T, text, chat, name string) {
		m, err := Read(File{Name: name, Raw: []byte(text), Chat: []byte(chat), Modified: modified})
		if err == nil {
			require.NotEmpty(t, m.Title)
			require.LessOrEqual(t, len(m.Transcript), 12*(len(text)+len(chat))+100)
			_, err := time.Parse(time.RFC3339, string(m.StartTime))
			require.NoError(t, err)
		}
		if n, err := Minutes(File{Name: name, Raw: []byte(text), Modified: modified}); err == nil {
			require.NotEmpty(t, n.Title)
			require.NotEmpty(t, n.Body)
		}
	})
}
