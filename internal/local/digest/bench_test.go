package digest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// sayings are what people go on saying, with something to do in every tenth sentence.
func sayings(i int) string {
	switch i % 10 {
	case 3:
		return fmt.Sprintf("I'll send the drawings of crane %d by Friday.", i)
	case 7:
		return fmt.Sprintf("Who has the key of cabin number %d in the yard?", i)
	case 9:
		return fmt.Sprintf("Let's go with the blue paint for fence %d.", i)
	}
	return fmt.Sprintf("The crane of yard %d, you know, stands beside the fence, the fence and waits for the next ship from the north.", i)
}

// BenchmarkMeeting digests a call of two hours.
func BenchmarkMeeting(b *testing.B) {
	var text strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&text, "%s Lee: %s\n", []string{"Ann", "Bob", "Cleo", "Dora"}[i/3%4], sayings(i))
	}
	m := store.Meeting{ID: "mtg_1", StartAt: monday, Transcript: text.String()}
	r, me := digest.NewReader(), speech.NewSelf(store.User{})
	b.ReportAllocs()
	for b.Loop() {
		r.Minutes(me, m)
	}
	b.SetBytes(int64(text.Len()))
}

// BenchmarkConversation digests the most messages that are read of one.
func BenchmarkConversation(b *testing.B) {
	var lines []string
	for i := range 500 {
		name := []string{"Ann", "Bob", "Cleo"}[i%3]
		lines = append(lines, name+": "+sayings(i)+" "+sayings(i+1)+"\n\n"+sayings(i+2)+" "+sayings(i+3))
	}
	all := thread(lines...)
	for i := range all {
		all[i].ID = fmt.Sprint("msg_", i)
	}
	r, me := digest.NewReader(), speech.NewSelf(store.User{})
	b.ReportAllocs()
	for b.Loop() {
		r.Messages(me, all, "")
	}
}
