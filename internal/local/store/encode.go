package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
)

// encodeList writes a list as JSON; none is the empty list. What the store keeps
// is strings in structs, which always encode.
func encodeList[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	data, err := json.Marshal(list)
	if err != nil {
		return "[]"
	}
	return string(data)
}

// listColumn scans a column that encodeList wrote.
type listColumn[T any] struct{ list *[]T }

// Scan implements sql.Scanner.
func (c listColumn[T]) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("list column holds %T", src)
	}
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), c.list)
}

// encodeObject writes a JSON object, or NULL for none.
func encodeObject(object json.RawMessage) sql.NullString {
	return sql.NullString{String: string(object), Valid: len(object) > 0}
}

// objectColumn scans a column that encodeObject wrote.
type objectColumn struct{ object *json.RawMessage }

// Scan implements sql.Scanner.
func (c objectColumn) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*c.object = nil
	case string:
		*c.object = json.RawMessage(v)
	default:
		return fmt.Errorf("object column holds %T", src)
	}
	return nil
}
