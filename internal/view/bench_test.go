package view_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// BenchmarkRender is the view's part of a call: an answer of 4 KB.
func BenchmarkRender(b *testing.B) {
	var page attrove.Page[attrove.Message]
	for i := range 8 {
		page.Data = append(page.Data, attrove.Message{
			ID: fmt.Sprintf("msg_iv4m3ma4ax7yfukgnlj%d", i), ThreadID: "thr_b4m3ma4ax7yfukgnljaz",
			IntegrationID: "int_q2m3ma4ax7yfukgnljab", IntegrationType: "gmail", ConversationID: "cnv_m3ma4ax7yfukgnlja4d2",
			Subject: "Re: Offer for the second quarter", SenderName: "Tomas Brandl", SenderEmail: "tomas.brandl@example.com",
			RecipientNames: []attrove.ForeignText{"Ana Silva"}, ReceivedAt: "2026-11-20T13:00:00Z",
			BodyText: attrove.ForeignText("Hi Ana,\n\n" + strings.Repeat("can you confirm by Monday? ", 3) + "\n\nTomas"),
		})
	}
	raw, err := json.Marshal(page)
	require.NoError(b, err)
	v := view.New(reflect.TypeFor[attrove.Page[attrove.Message]](), view.Spec{Finds: []string{"data"}})
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		result := v.Render(attrove.RawReply{Raw: raw}, view.Request{Tool: "attrove_messages", Budget: view.Brief, Fuller: true, Backend: "attrove"})
		require.False(b, result.Failed())
	}
}
