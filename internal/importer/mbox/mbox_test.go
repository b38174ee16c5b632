package mbox

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readAll(t *testing.T, text string) []Message {
	t.Helper()
	var all []Message
	for r := NewReader(strings.NewReader(text), 0); ; {
		msg, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, msg)
	}
}

func TestSplit(t *testing.T) {
	const dated = "From ada@example.com Fri Jun 16 17:48:56 2023\n"
	tests := []struct {
		name string
		text string
		want []string
	}{
		{"two messages", dated + "Subject: a\n\none\n\n" + dated + "Subject: b\n\ntwo\n",
			[]string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"}},
		{"CRLF", strings.ReplaceAll(dated+"Subject: a\n\none\n\n"+dated+"Subject: b\n\ntwo\n", "\n", "\r\n"),
			[]string{"Subject: a\r\n\r\none\r\n", "Subject: b\r\n\r\ntwo\r\n"}},
		{"no newline at the end", dated + "Subject: a\n\none", []string{"Subject: a\n\none"}},
		{"mboxrd quoting", dated + "Subject: a\n\n>From here\n>>From there\n> From elsewhere\n",
			[]string{"Subject: a\n\nFrom here\n>From there\n> From elsewhere\n"}},
		{"a header is not unquoted", dated + ">From: x\nSubject: a\n>From nobody\n\nb\n",
			[]string{">From: x\nSubject: a\n>From nobody\n\nb\n"}},
		{"unquoted From in the middle of a paragraph", dated + "Subject: a\n\nIt came\nFrom me\nto you.\n",
			[]string{"Subject: a\n\nIt came\nFrom me\nto you.\n"}},
		{"unquoted From that begins a paragraph", dated + "Subject: a\n\nHello\n\nFrom what I hear,\nhttp://example.com/ is down.\n",
			[]string{"Subject: a\n\nHello\n\nFrom what I hear,\nhttp://example.com/ is down.\n"}},
		{"no empty line before the separator", dated + "Subject: a\n\none\n" + dated + "Subject: b\n\ntwo\n",
			[]string{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"}},
		{"a date in the middle of a paragraph", dated + "Subject: a\n\nIt came\n" + dated + "to you.\n",
			[]string{"Subject: a\n\nIt came\n" + dated + "to you.\n"}},
		{"separator without a date", "From \nSubject: a\n\none\n\nFrom -\nReceived: by x\n\ntwo\n",
			[]string{"Subject: a\n\none\n", "Received: by x\n\ntwo\n"}},
		{"separator without a date, before fields of somebody's own", "From \nX-Status: O\n\none\n\nFrom -\nARC-Seal: i=1\n\ntwo\n\nFrom me\nX files: two\n",
			[]string{"X-Status: O\n\none\n", "ARC-Seal: i=1\n\ntwo\n\nFrom me\nX files: two\n"}},
		{"separator before a message without a header", dated + "Subject: a\n\none\n\n" + dated + "\ntwo\n",
			[]string{"Subject: a\n\none\n", "\ntwo\n"}},
		{"doubled separator", dated + dated + "Subject: a\n\none\n", []string{dated + "Subject: a\n\none\n"}},
		{"message of nothing", dated + "\n" + dated + "Subject: b\n\ntwo\n", []string{"", "Subject: b\n\ntwo\n"}},
		{"empty body", dated + "Subject: a\n\n" + dated + "Subject: b\n\n", []string{"Subject: a\n", "Subject: b\n"}},
		{"empty lines and a byte order mark first", "\xef\xbb\xbf\n\n" + dated + "Subject: a\n\none\n",
			[]string{"Subject: a\n\none\n"}},
		{"nothing", "", nil},
		{"only empty lines", "\n\r\n\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, msg := range readAll(t, tt.text) {
				got = append(got, string(msg.Raw))
				assert.True(t, strings.HasPrefix(tt.text[msg.Offset:], "From "), "offset %d is a separator's", msg.Offset)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestNotAMailbox(t *testing.T) {
	for _, text := range []string{"PK\x03\x04\x00\x00", "Subject: a\n\nFrom b\n", "From here to eternity\nis a novel\n"} {
		_, err := NewReader(strings.NewReader(text), 0).Next()
		require.ErrorIs(t, err, ErrNotMbox, "%q", text)
	}
}

func TestLongLinesSurvive(t *testing.T) {
	long := strings.Repeat("x", 3*bufferSize) + "\n"
	all := readAll(t, "From a Fri Jun 16 17:48:56 2023\nSubject: a\n\n"+long+"\nFrom b Fri Jun 16 17:48:56 2023\nSubject: b\n\n"+long)
	require.Len(t, all, 2)
	assert.Equal(t, "Subject: a\n\n"+long, string(all[0].Raw))
	assert.Equal(t, "Subject: b\n\n"+long, string(all[1].Raw))
}

func TestTooLarge(t *testing.T) {
	text := "From a Fri Jun 16 17:48:56 2023\nSubject: a\n\n" + strings.Repeat("0123456789\n", 20) +
		"\nFrom b Fri Jun 16 17:48:56 2023\nSubject: b\n\nsmall\n"
	r := NewReader(strings.NewReader(text), 0)
	r.max = 100

	big, err := r.Next()
	require.NoError(t, err)
	assert.True(t, big.TooLarge)
	assert.Len(t, big.Raw, 100)
	assert.Greater(t, big.Size(), int64(200))

	small, err := r.Next()
	require.NoError(t, err)
	assert.False(t, small.TooLarge)
	assert.Equal(t, "Subject: b\n\nsmall\n", string(small.Raw))
}

func TestNextHeaderSeesTheSameMessages(t *testing.T) {
	text := "From a Fri Jun 16 17:48:56 2023\nSubject: a\n\none\n>From x\n\nFrom b Fri Jun 16 17:48:56 2023\nSubject: b\n\ntwo\n"
	r := NewReader(strings.NewReader(text), 0)
	for _, want := range readAll(t, text) {
		got, err := r.NextHeader()
		require.NoError(t, err)
		assert.Equal(t, want.Offset, got.Offset)
		assert.Equal(t, want.End, got.End)
		head, _, _ := bytes.Cut(want.Raw, []byte("\n\n"))
		assert.Equal(t, string(head)+"\n\n", string(got.Raw))
	}
	_, err := r.NextHeader()
	require.ErrorIs(t, err, io.EOF)
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReadErrorIsNotAnEnd(t *testing.T) {
	text := "From a Fri Jun 16 17:48:56 2023\nSubject: a\n\none\n"
	_, err := NewReader(io.MultiReader(strings.NewReader(text), failingReader{}), 0).Next()
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestEnvelopeDate(t *testing.T) {
	utc := time.Date(2023, 6, 5, 17, 48, 56, 0, time.UTC)
	tests := map[string]time.Time{
		"ada@example.com Mon Jun  5 17:48:56 2023":       utc,
		"ada@example.com  Mon Jun 05 17:48:56 2023":      utc,
		"ada@example.com Mon Jun  5 17:48:56 UTC 2023":   utc,
		"123@xxx Mon Jun  5 19:48:56 +0200 2023":         utc,
		"ada@example.com Mon Jun  5 10:48:56 2023 -0700": utc,
		"ada@example.com Mon Jun  5 17:48 2023":          utc.Truncate(time.Minute),
		"ada@example.com":                                {},
		"-":                                              {},
		"":                                               {},
		"ada Mon Jun 45 17:48:56 2023":                   {},
	}
	for envelope, want := range tests {
		assert.Equal(t, want, Message{Envelope: envelope}.EnvelopeDate(), envelope)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("From a Fri Jun 16 17:48:56 2023\nSubject: a\n\none\n\nFrom b Fri Jun 16 17:48:56 2023\nSubject: b\n\ntwo\n")
	f.Add("From \r\nSubject: a\r\n\r\n>From b\r\n\r\nFrom \r\nX-A: b\r\n")
	f.Add("\xef\xbb\xbf\nFrom -\nFrom: a\n\n\n\nFrom Mon\n\n")
	f.Add("From a\nFrom a\nFrom: a")
	f.Fuzz(func(t *testing.T, text string) {
		r, headers := NewReader(strings.NewReader(text), 0), NewReader(strings.NewReader(text), 0)
		end := int64(-1)
		for {
			msg, err := r.Next()
			head, headErr := headers.NextHeader()
			if err != nil {
				require.Equal(t, err, headErr)
				require.True(t, errors.Is(err, io.EOF) || errors.Is(err, ErrNotMbox))
				break
			}
			require.NoError(t, headErr)
			require.Equal(t, msg.Offset, head.Offset)
			require.Equal(t, msg.End, head.End)
			require.Less(t, msg.Offset, msg.End)
			require.True(t, strings.HasPrefix(text[msg.Offset:], "From "))
			require.True(t, end < 0 || msg.Offset == end, "messages leave no gap")
			end = msg.End

			// From any message's offset the rest reads alike: that is resuming.
			again, err := NewReader(strings.NewReader(text[msg.Offset:]), msg.Offset).Next()
			require.NoError(t, err)
			require.Equal(t, msg, again)
		}
		if end >= 0 {
			require.Equal(t, int64(len(text)), end, "nothing is left over")
		}
	})
}
