package view_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/view"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, give, want string }{
		{"plain text stays", "Hi Ann,\n\tsee below.", "Hi Ann,\n\tsee below."},
		{"other scripts stay", "Grüße, Ελλάδα, 東京, שלום, مرحبا", "Grüße, Ελλάδα, 東京, שלום, مرحبا"},
		{"emoji stay whole", "👩\u200d👩\u200d👧 ❤\ufe0f 🏳\ufe0f\u200d🌈", "👩\u200d👩\u200d👧 ❤\ufe0f 🏳\ufe0f\u200d🌈"},
		{"a joiner that Persian needs stays", "می\u200cخواهم", "می\u200cخواهم"},
		{"a joiner in Latin goes", "pass\u200dword", "password"},
		{"zero width", "in\u200bvis\u2060ib\ufeffle", "invisible"},
		{"soft hyphens and fillers", "a\u00ad\u034f\u3164b", "ab"},
		{"bidirectional marks", "invoice\u202egpj.exe\u2066\u200f", "invoicegpj.exe"},
		{"letters hidden in tags", "ok\U000E0069\U000E0067\U000E006E", "ok"},
		{"data hidden in variation selectors", "a\ufe01\U000E0100b", "ab"},
		{"colours", "\x1b[1;31mred\x1b[0m", "red"},
		{"a terminal's title", "\x1b]0;owned\x07text", "text"},
		{"a link for terminals", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"},
		{"an unfinished one swallows nothing", "\x1b]0;rest of the text", "0;rest of the text"},
		{"eight-bit escapes", "\u009b31mred", "red"},
		{"control characters", "a\x00b\x08c\x7fd", "abcd"},
		{"line ends", "a\r\nb\rc\u2028d\u0085e\u2029f", "a\nb\nc\nd\ne\nf"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
		{"Arabic number signs show", "\u0600", "\u0600"},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, view.Clean(c.give)) })
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"plain", "\x1b[31m", "\u202e\u200b", "👩‍👩‍👧", "\x1b]0;x\x07", "\xff", "\r\n", "\x1b\u200b[31m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := view.Clean(s)
		require.True(t, utf8.ValidString(got))
		require.LessOrEqual(t, utf8.RuneCountInString(got), utf8.RuneCountInString(s))
		for _, r := range got {
			require.False(t, unicode.IsControl(r) && r != '\n' && r != '\t', "%U", r)
			require.False(t, unicode.Is(unicode.Bidi_Control, r), "%U", r)
			require.False(t, r >= 0xE0000 && r <= 0xE0FFF, "%U", r)
		}
		require.Equal(t, got, view.Clean(got), "cleaning twice changes nothing")
		if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
			require.Equal(t, s, got)
		}
	})
}
