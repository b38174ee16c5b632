package prose

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func texts(ss []Sentence) []string {
	var out []string
	for _, s := range ss {
		out = append(out, s.Text)
	}
	return out
}

func TestSentences(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"plain", "We agreed. Can you confirm? Yes!", []string{"We agreed.", "Can you confirm?", "Yes!"}},
		{"wrapped lines are joined", "I will send the revised order form to you and to the legal\nteam tomorrow. Please wait.",
			[]string{"I will send the revised order form to you and to the legal team tomorrow.", "Please wait."}},
		{"short lines are not", "Hi Sam,\nThe draft is ready.\nDana", []string{"Hi Sam,", "The draft is ready.", "Dana"}},
		{"lists", "Open points:\n- pricing\n- the DPA is unsigned\n2. dates", []string{"Open points:", "- pricing", "- the DPA is unsigned", "2. dates"}},
		{"abbreviations", "Mr. Smith of Acme Inc. Berlin met the Hon. J. Doe in the U.S. branch, e.g. Room 4. It rained.",
			[]string{"Mr. Smith of Acme Inc. Berlin met the Hon. J. Doe in the U.S. branch, e.g. Room 4.", "It rained."}},
		{"addresses", "See https://example.com/a.b?c=d. Version 2.1.3 is out at www.example.com today.",
			[]string{"See https://example.com/a.b?c=d.", "Version 2.1.3 is out at www.example.com today."}},
		{"signature", "Done.\n-- \nDana Whitfield\nVP", []string{"Done."}},
		{"quoted lines", "> Can you?\nYes, I can.\n> Really?", []string{"Yes, I can."}},
		{"quoted reply", "Agreed.\n\nOn Mon, 2 Nov 2026 at 10:00, Sam Ito wrote:\nI promise.", []string{"Agreed."}},
		{"original message", "Agreed.\n-----Original Message-----\nFrom: x\nI promise.", []string{"Agreed."}},
		{"quotation at the end", "He said \"no.\" Then he left.", []string{"He said \"no.\"", "Then he left."}},
		{"full width", "決まりました。次は？はい", []string{"決まりました。", "次は？", "はい"}},
		{"only marks", "...\n!!!", []string{"...", "!!!"}},
		{"dates in German", "Der Zaun ist bis zum 3. Dezember gestrichen. Wir haben 3. Danach kommt der Kran.",
			[]string{"Der Zaun ist bis zum 3. Dezember gestrichen.", "Wir haben 3.", "Danach kommt der Kran."}},
		{"so do I", "So do I. Let us go.", []string{"So do I.", "Let us go."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, texts(Sentences(tt.text))) })
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("Mr. X. > y\n-- \nz")
	f.Add("a.\r\n\r\n1. b。\xff")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, s := range Sentences(text) {
			assert.True(t, s.Start >= last && s.End > s.Start && s.End <= len(text))
			assert.NotEmpty(t, s.Text)
			last = s.End
		}
		Turns(text)
		Terms(text)
	})
}

func TestWords(t *testing.T) {
	assert.Equal(t, []string{"don", "t", "naïve", "e\u0301", "q3", "2026", "日本"}, Words("Don't NAÏVE e\u0301-Q3/2026 \x00 日本 \u0301"))
}

func TestTerms(t *testing.T) {
	assert.Equal(t, []string{"renew", "acm"}, Terms("What about the renewals of ACME, renewing?"))
}

func TestSpeaker(t *testing.T) {
	for line, want := range map[string][2]string{
		"Dana Whitfield: I will send it.":              {"Dana Whitfield", "I will send it."},
		"The Acting Chair (Mr. Bruce Stanton): Order.": {"The Acting Chair (Mr. Bruce Stanton)", "Order."},
		"Karim T. (matkt): I will.":                    {"Karim T. (matkt)", "I will."},
		"no speaker here":                              {"", "no speaker here"},
		"Well. That is it: nothing":                    {"", "Well. That is it: nothing"},
		"What I want to say to you all is: hello":      {"", "What I want to say to you all is: hello"},
	} {
		name, words := Speaker(line)
		assert.Equal(t, want, [2]string{name, words})
	}
}

// TestEnglish: short lines of chat are English, too, with names and a greeting of
// other languages in them; a few words of another language are not.
func TestEnglish(t *testing.T) {
	for _, text := range []string{
		"", "k", "lgtm", "u there?", "np, ship it", "can u send the link pls", "ok will do", "thx!!", "brb 5 min", "ping @dana", "+1", "👍",
		"Merci, I'll do it.", "Danke! I'll send it tomorrow.", "The La Paz office called.", "Du Pont has not answered.", "en route", "de facto done",
		"Is the San José de los Cabos trip on?",
	} {
		assert.True(t, English(text), text)
	}
	for _, text := range []string{
		"Schick mir bitte die Datei.", "Ich melde mich morgen.", "Je te l'envoie demain.", "Te lo mando mañana.", "Ti mando il file domani, grazie.",
		"Jag skickar det inte idag.", "Kan jeg få filen?", "Czy to jest gotowe?", "Bunu için bir toplantı gerek.", "Saya tidak bisa.", "Ik stuur het morgen.",
		"Отправлю завтра.", "明日送ります。", "내일 보낼게요.", "Você não me enviou o contrato.",
	} {
		assert.False(t, English(text), text)
	}
}
