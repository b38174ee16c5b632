package attrove

import (
	"bytes"
	"encoding/json"
)

// Opt is a field of a partial update, which may be absent, null or a value.
// Give it the json option omitzero.
type Opt[T any] struct {
	Set   bool // the field was there
	Null  bool // and was null
	Value T
}

// Some is a field that is there with a value.
func Some[T any](v T) Opt[T] { return Opt[T]{Set: true, Value: v} }

// Get returns the value, and whether there is one.
func (o Opt[T]) Get() (T, bool) { return o.Value, o.Set && !o.Null }

// MarshalJSON writes null or the value.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if o.Null || !o.Set {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// UnmarshalJSON reads null or a value; it is not called when the field is absent.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	o.Set = true
	if bytes.Equal(data, []byte("null")) {
		o.Null = true
		return nil
	}
	return json.Unmarshal(data, &o.Value)
}

// Inner returns the zero value of what the field holds, for the schema reflector.
func (Opt[T]) Inner() any { var v T; return v }
