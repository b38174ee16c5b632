package prose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// The index finds "CVE" for "CVEs"; what reads the found text must, too.
func TestStemAgreesWithTheIndex(t *testing.T) {
	for _, forms := range [][]string{{"cve", "cves"}, {"pr", "prs"}, {"renewal", "renewals"}, {"promise", "promised", "promises"}, {"meeting", "meetings", "meet"}} {
		for _, form := range forms[1:] {
			assert.Equal(t, prose.Stem(forms[0]), prose.Stem(form), form)
		}
	}
}

func TestLanguageStem(t *testing.T) {
	for l, forms := range map[prose.Language][]string{
		prose.German:     {"rechnung", "rechnungen"},
		prose.French:     {"commercial", "commerciaux", "commerciale"},
		prose.Spanish:    {"firma", "firmar", "firmamos"},
		prose.Italian:    {"contratto", "contratti"},
		prose.Portuguese: {"fatura", "faturas"},
		prose.Dutch:      {"factuur", "facturen"},
	} {
		for _, form := range forms[1:] {
			assert.Equal(t, l.Stem(forms[0]), l.Stem(form), form)
		}
	}
	assert.Equal(t, prose.German.Stem("verträge"), prose.German.Stem("vertrag"), "an umlaut is one")
}

func TestVariants(t *testing.T) {
	for word, want := range map[string][]string{
		"machen":             {"gemacht"},
		"gemachte":           {"machen"},
		"liefern":            {"geliefert"},
		"gearbeitet":         {"arbeiten"},
		"einordnen":          {"eingeordnet"},
		"anrufen":            {"angerufen"},
		"angerufen":          {"anrufen"},
		"unterschriebenen":   {"unterschreiben"},
		"bezahlt":            {"bezahlen"},
		"reservieren":        {"reserviert"},
		"unterzeichnet":      {"unterzeichnen"},
		"gewohnt":            {"wohnen"},
		"vermeiden":          {"vermieden"},
		"abgeschlossen":      {"abschliessen", "abschließen"},
		"überweisen":         {"ueberweisen", "uberwiesen", "ueberwiesen"},
		"zurueckgeschickter": {"zuruckschicken"},
		"prüfen":             {"gepruft", "geprueft"},
		"münchen":            {"muenchen"},
		"muenchen":           {"munchen"},
		"grüße":              {"grusse", "gruesse", "grueße"},
		"gruesse":            {"grusse", "gruße"},
		"strasse":            {"straße"},
		"haus":               {"haeus"},
		"vertraege":          {"vertrage"},
	} {
		for _, form := range want {
			assert.Contains(t, prose.German.Variants(word), form, word)
		}
		assert.NotContains(t, prose.German.Variants(word), word)
		assert.Empty(t, prose.French.Variants(word))
	}
	for word, no := range map[string]string{
		"gesicht": "sichen", "gehalten": "halen", "neue": "neu", "quelle": "qulle", "michael": "michal", "kurs": "kuers",
	} {
		assert.NotContains(t, prose.German.Variants(word), no, word)
	}
}

// TestCommonWords: what tells a language is not taken for English, nor for a topic.
func TestCommonWords(t *testing.T) {
	for _, l := range prose.Languages() {
		text := strings.Join(l.Common(), " ")
		assert.False(t, prose.English(text), text)
		assert.Len(t, l.Common(), len(slices.DeleteFunc(l.Common(), func(w string) bool { return !prose.StopWords(text)(w) })), text)
	}
	assert.False(t, prose.StopWords("Where is Die Zeit?")("die"), "a text in English")
	assert.True(t, prose.StopWords("wo ist die Zeitung?")("die"))
}

func FuzzStem(f *testing.F) {
	for _, word := range []string{"", "s", "ies", "über", "日本", "aaaaaaaaaed"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range prose.Words(text) {
			prose.Stem(word) // must not panic
			for _, l := range prose.Languages() {
				l.Stem(word)
				l.Variants(word)
			}
		}
	})
}
