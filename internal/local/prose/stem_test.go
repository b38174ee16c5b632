package prose_test

import (
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

func FuzzStem(f *testing.F) {
	for _, word := range []string{"", "s", "ies", "über", "日本", "aaaaaaaaaed"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range prose.Words(text) {
			prose.Stem(word) // must not panic
		}
	})
}
