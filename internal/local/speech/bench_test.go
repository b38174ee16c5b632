package speech_test

import (
	"testing"

	"github.com/attrove/attrove-mcp/internal/local/speech"
)

func BenchmarkRead(b *testing.B) {
	reader := speech.NewReader()
	sentences := []string{
		"Could you send me the signed copy of the lease before Thursday, please?",
		"I'll forward the two drafts to Priya once the printer has them.",
		"The harbour was closed for most of the week, which is why nothing moved.",
		"Thanks!",
		"We agreed that the second vendor gets the order unless their price goes up again, and Nadia writes to both of them about it on Monday.",
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range sentences {
			reader.Read(s)
		}
	}
}

func BenchmarkNewReader(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		speech.NewReader()
	}
}
