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

// encodePointer writes what v points to as JSON, or NULL for nil. Like
// encodeList it is given what always encodes.
func encodePointer[T any](v *T) sql.NullString {
	if v == nil {
		return sql.NullString{}
	}
	data, err := json.Marshal(v)
	return sql.NullString{String: string(data), Valid: err == nil}
}

// pointerColumn scans a column that encodePointer wrote.
type pointerColumn[T any] struct{ v **T }

// Scan implements sql.Scanner.
func (c pointerColumn[T]) Scan(src any) error {
	*c.v = nil
	if src == nil {
		return nil
	}
	*c.v = new(T)
	return valueColumn[T]{*c.v}.Scan(src)
}

// valueColumn is pointerColumn for what is never NULL.
type valueColumn[T any] struct{ v *T }

// Scan implements sql.Scanner.
func (c valueColumn[T]) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("JSON column holds %T", src)
	}
	return json.Unmarshal([]byte(text), c.v)
}
