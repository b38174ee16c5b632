package local

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func FuzzDecodeCursor(f *testing.F) {
	f.Add(cursor[store.Position]{"list_notes", &store.Position{At: time.UnixMilli(1).UTC(), ID: "note_a"}}.encode())
	f.Add("")
	f.Add("eyJsIjoibGlzdF9ub3RlcyJ9")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := decodeCursor[store.Position]("list_notes", text)
		if err != nil {
			var failure *attrove.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, attrove.CodeInvalidCursor, failure.Code)
			return
		}
		again, err := decodeCursor[store.Position]("list_notes", got.encode())
		require.NoError(t, err)
		assert.Equal(t, got, again)
	})
}

func TestNearest(t *testing.T) {
	names := []string{"title", "body", "external_id", "ref_type"}
	for name, want := range map[string]string{
		"titel": "title", "external_ids": "external_id", "externalId": "external_id", "reftype": "ref_type", "xyz": "", "": "",
	} {
		assert.Equal(t, want, nearest(name, names), name)
	}
}

func TestWireTimeIsUTC(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	assert.EqualValues(t, "2026-11-03T08:30:00Z", index.Time(time.Date(2026, 11, 3, 9, 30, 0, 0, berlin)))
	assert.Empty(t, index.Time(time.Time{}))
}

func TestInnerReasonsAreNotAnswered(t *testing.T) {
	failure := asError(errors.New("secret reason"))
	assert.Equal(t, 500, failure.Status)
	assert.NotContains(t, failure.Message, "secret")
}
