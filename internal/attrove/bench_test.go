package attrove_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

var benchArgs = []byte(`{"query":"What did we promise?","integration_ids":["int_1","int_2"],"include_sources":true}`)

func BenchmarkPlace(b *testing.B) {
	meta := metaOf(b, "query")
	for b.Loop() {
		if _, err := attrove.Place(meta, testUser, benchArgs); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDo(b *testing.B) {
	client, err := attrove.NewClient(attrove.ClientOptions{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return response(http.StatusOK, `{"answer":"On Friday.","used_message_ids":["msg_1"]}`), nil
	})})
	require.NoError(b, err)
	meta := metaOf(b, "query")
	for b.Loop() {
		if _, err := client.Do(b.Context(), meta, caller(), benchArgs); err != nil {
			b.Fatal(err)
		}
	}
}
