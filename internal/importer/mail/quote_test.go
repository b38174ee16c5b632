package mail

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text, fresh, quoted string
	}{
		{"nothing quoted", "Hello\n\nBye", "Hello\n\nBye", ""},
		{"answer above", "Yes.\n\nOn Mon, 5 Jun 2023 at 10:00, Ada <ada@example.com> wrote:\n> Shall we?\n> Now?",
			"Yes.", "On Mon, 5 Jun 2023 at 10:00, Ada <ada@example.com> wrote:\n> Shall we?\n> Now?"},
		{"answer below", "Ada wrote:\n> Shall we?\n\nYes.", "Yes.", "Ada wrote:\n> Shall we?"},
		{"answers between", "On 5 Jun 2023, Ada wrote:\n> One?\nFirst.\n\n> Two?\n\nSecond.\n",
			"First.\n\nSecond.", "On 5 Jun 2023, Ada wrote:\n> One?\n\n> Two?"},
		{"attribution over two lines", "On Mon, 5 Jun 2023 at 10:00:00 +0200, Ada Lovelace\n<ada@example.com> wrote:\n\n> Shall we?\nYes.",
			"Yes.", "On Mon, 5 Jun 2023 at 10:00:00 +0200, Ada Lovelace\n<ada@example.com> wrote:\n\n> Shall we?"},
		{"attribution in German", "Ja.\n\nAm 05.06.23 um 10:00 schrieb Ada:\n> Sollen wir?", "Ja.", "Am 05.06.23 um 10:00 schrieb Ada:\n> Sollen wir?"},
		{"attribution, elision, quote", "On 5 Jun 2023, Ada wrote:\n[...]\n> Shall we?\nYes.", "Yes.", "On 5 Jun 2023, Ada wrote:\n[...]\n> Shall we?"},
		{"a sentence before a quote is no attribution", "I like this part:\n> Shall we?\nYes.", "I like this part:\n\nYes.", "> Shall we?"},
		{"a paragraph that ends in an attribution is not taken whole", "Hello.\nAda wrote:\n> Shall we?\nYes.", "Hello.\n\nYes.", "Ada wrote:\n> Shall we?"},
		{"signature stays", "Yes.\n\n> Shall we?\n\n-- \nBob", "Yes.\n\n-- \nBob", "> Shall we?"},
		{"Outlook", "Yes.\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Bob\nSubject: Tea\n\nShall we?",
			"Yes.", "-----Original Message-----\nFrom: Ada\nSent: Monday\n" + "To: Bob\nSubject: Tea\n\nShall we?"},
		{"Outlook without its line", "Yes.\n\nFrom: Ada <ada@example.com>\nSent: Monday, June 5\nTo: Bob; Carol;\n Dave\nCc: Eve\nSubject: Tea\n\nShall we?",
			"Yes.", "From: Ada <ada@example.com>\nSent: Monday, June 5\nTo: Bob; Carol;\n Dave\nCc: Eve\nSubject: Tea\n\nShall we?"},
		{"Outlook with a rule", "Yes.\n________________________________\nVon: Ada\nGesendet: Montag\nAn: Bob\nBetreff: Tee\n\nSollen wir?",
			"Yes.", "________________________________\nVon: Ada\nGesendet: Montag\nAn: Bob\nBetreff: Tee\n\nSollen wir?"},
		{"Lotus Notes", "Yes.\n\n\nAda Lovelace@ENGINE\n06/05/2023 10:00 AM\nTo: Bob/LON/ENGINE@ENGINE\ncc: \nSubject: Tea\n\nShall we?",
			"Yes.", "Ada Lovelace@ENGINE\n06/05/2023 10:00 AM\nTo: Bob/LON/ENGINE@ENGINE\ncc: \nSubject: Tea\n\nShall we?"},
		{"Lotus Notes on one line", "Yes.\n\n\"Ada\" <ada@example.com> on 06/05/2023 10:00:00 AM\nTo: bob@example.com\ncc:\nSubject: Tea\n\nShall we?",
			"Yes.", "\"Ada\" <ada@example.com> on 06/05/2023 10:00:00 AM\nTo: bob@example.com\ncc:\nSubject: Tea\n\nShall we?"},
		{"unmarked history", "Yes.\n\nOn Mon, Jun 5, 2023 at 10:00 AM Ada <ada@example.com> wrote:\n\nShall we?",
			"Yes.", "On Mon, Jun 5, 2023 at 10:00 AM Ada <ada@example.com> wrote:\n\nShall we?"},
		{"answers between in a marked history", "-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Bob\nSubject: Tea\n\n> One?\nFirst.\n> Two?\nSecond.",
			"First.\n\nSecond.", "-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Bob\nSubject: Tea\n\n> One?\n\n> Two?"},
		{"forward with a comment", "FYI\n\n---------- Forwarded message ---------\nFrom: Ada\nDate: Mon, 5 Jun 2023\nSubject: Tea\nTo: Bob\n\nShall we?\n\nOn 4 Jun 2023, Bob wrote:\n> Tea?",
			"FYI\n\n---------- Forwarded message ---------\nFrom: Ada\nDate: Mon, 5 Jun 2023\nSubject: Tea\nTo: Bob\n\nShall we?", "On 4 Jun 2023, Bob wrote:\n> Tea?"},
		{"wrapped Lotus Notes forward", "---------------------- Forwarded by Bob/LON/ENGINE on 06/05/2023 \n10:00 AM ---------------------------\n\n\nAda\n06/04/2023 10:00 AM\nTo: Bob\ncc: \nSubject: Tea\n\nShall we?",
			"---------------------- Forwarded by Bob/LON/ENGINE on 06/05/2023 \n10:00 AM ---------------------------\n\nAda\n06/04/2023 10:00 AM\nTo: Bob\ncc: \nSubject: Tea\n\nShall we?", ""},
		{"nothing but a quote", "> Shall we?\n> Now?", "> Shall we?\n> Now?", ""},
		{"an itinerary is no header", "From: London\nTo: Paris\nDate: 5 June\nSee you there.", "From: London\nTo: Paris\nDate: 5 June\nSee you there.", ""},
		{"empty", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fresh, quoted := Split(tt.text)
			assert.Equal(t, tt.fresh, fresh)
			assert.Equal(t, tt.quoted, quoted)
		})
	}
}

func TestSplitForward(t *testing.T) {
	const inner = " -----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Bob\nSubject: Tea\n\nShall we?\n\n"
	const nested = "-----Original Message-----\nFrom: Bob\nSent: Sunday\nTo: Ada\nSubject: Tea\n\nTea?"
	fresh, quoted := SplitForward("FYI\n\n" + inner + nested)
	assert.Equal(t, "FYI\n\n"+strings.TrimRight(inner, "\n"), fresh)
	assert.Equal(t, nested, quoted)

	fresh, _ = Split("FYI\n\n" + inner + nested)
	assert.Equal(t, "FYI", fresh, "what a reply quotes is not its own")
}

// In both mailboxes nothing that looks like a quote is left above other text,
// nothing is lost, and nobody's message becomes empty.
func TestSplitRealMail(t *testing.T) {
	tests := []struct {
		file            string
		messages        int
		withQuotes      [2]int // at least and at most
		leftAttribution int    // at most: bodies in which a line still ends in "wrote:"
	}{
		{"ksummit-2023-2026.mbox", 2181, [2]int{2000, 2100}, 20},
		{"enron-allen-p.mbox", 1432, [2]int{200, 400}, 5},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			messages, quoting, left := 0, 0, 0
			eachMessage(t, tt.file, func(msg Message) {
				messages++
				require.NotEmpty(t, msg.Body)
				if msg.Quoted != "" {
					quoting++
					for line := range strings.SplitSeq(msg.Body, "\n") {
						require.False(t, isQuoteLine(line), "%s keeps %q", msg.ID, line)
					}
				}
				if strings.Contains(msg.Body, " wrote:\n") {
					left++
				}
			})
			assert.Equal(t, tt.messages, messages)
			assert.GreaterOrEqual(t, quoting, tt.withQuotes[0])
			assert.LessOrEqual(t, quoting, tt.withQuotes[1])
			assert.LessOrEqual(t, left, tt.leftAttribution)
		})
	}
}

func eachMessage(tb testing.TB, file string, do func(Message)) {
	tb.Helper()
	f, err := os.Open(realdata.Dir(tb, "email", file))
	require.NoError(tb, err)
	defer f.Close()
	for r := mbox.NewReader(f, 0); ; {
		raw, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(tb, err)
		do(Read(raw.Raw, Context{Envelope: raw.EnvelopeDate(), Latest: latest.AddDate(10, 0, 0)}))
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Yes.\n\nOn Mon, 5 Jun 2023, Ada wrote:\n> Shall we?\n")
	f.Add("-----Original Message-----\nFrom: a\nSent: b\nTo: c\nSubject: d\n\ne")
	f.Add("--- Forwarded by A on 06/05/2023 \n10:00 AM ---\nA\n06/04/2023 10:00 AM\nTo: B\nSubject: x\n> y\nz")
	f.Add("____________\nFrom: x\nTo:\nSubject:\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, split := range []func(string) (string, string){Split, SplitForward} {
			fresh, quoted := split(text)
			require.Equal(t, strings.TrimSpace(text) == "", fresh == "", "text never becomes empty")
			require.Equal(t, words(text), words(fresh)+words(quoted), "no line is lost or doubled")
		}
	})
}

// words counts what may not get lost.
func words(text string) int { return len(strings.Fields(text)) }

func BenchmarkRead(b *testing.B) {
	for _, file := range []string{"ksummit-2023-2026.mbox", "enron-allen-p.mbox"} {
		b.Run(file, func(b *testing.B) {
			info, err := os.Stat(realdata.Dir(b, "email", file))
			require.NoError(b, err)
			b.SetBytes(info.Size())
			messages := 0
			for b.Loop() {
				eachMessage(b, file, func(Message) { messages++ })
			}
			b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
