package attrove

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Lenient is a list that Attrove sends as an array, as a string that holds the
// JSON of an array, or as null (contract section 2.3). It is written as an array.
type Lenient[T any] []T

// UnmarshalJSON reads all three forms.
func (l *Lenient[T]) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '"' {
		var inner string
		if err := json.Unmarshal(data, &inner); err != nil {
			return fmt.Errorf("list in a string: %w", err)
		}
		data = []byte(inner)
		if len(bytes.TrimSpace(data)) == 0 {
			data = []byte("null")
		}
		if !json.Valid(data) {
			return &json.UnmarshalTypeError{Value: "a string that is no JSON list", Type: reflect.TypeFor[[]T]()}
		}
	}
	return json.Unmarshal(data, (*[]T)(l))
}

// InText says that the list may come in a string or as null, for the schema reflector.
func (Lenient[T]) InText() {}

// Page is one page of a list, with a cursor or an offset to go on from.
type Page[T any] struct {
	Data       []T        `json:"data" evidence:"D" jsonschema_description:"The rows of this page."`
	Pagination Pagination `json:"pagination" evidence:"D" jsonschema_description:"Where this page stands in the list."`
}

// Pagination is where a page stands. A cursor page has NextCursor when HasMore;
// an offset page has Offset and perhaps TotalCount. Readers must not rely on
// Limit: older servers sent HasMore alone (contract section 2.1).
type Pagination struct {
	Limit      int    `json:"limit,omitempty" evidence:"D" jsonschema_description:"The most rows a page holds."`
	HasMore    bool   `json:"has_more" evidence:"D" jsonschema_description:"Whether another page follows."`
	NextCursor string `json:"next_cursor,omitempty" evidence:"D" jsonschema_description:"Pass it as cursor for the next page."`
	Offset     *int   `json:"offset,omitempty" evidence:"D" jsonschema_description:"Rows before this page."`
	TotalCount *int   `json:"total_count,omitempty" evidence:"D" jsonschema_description:"Rows in all, where known."`
}

// Cut asks for one page of a list (P-05).
type Cut struct {
	Limit  int    `json:"limit,omitempty" evidence:"P-05" jsonschema:"minimum=1,maximum=100" jsonschema_description:"1 to 100."`
	Cursor string `json:"cursor,omitempty" evidence:"I+" jsonschema_description:"next_cursor of the page before."`
}

// Limits of a page (P-05).
const (
	DefaultLimit = 25
	MaxLimit     = 100
)

// None is the input of an operation that takes nothing, or the output of one
// that returns nothing.
type None struct{}
