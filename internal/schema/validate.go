package schema

import (
	"encoding/json"
)

// Problem is what is wrong with one argument.
type Problem struct {
	Field   string // its path, with dots; "" for the arguments as a whole
	Message string // a sentence that names it
}

// Validator checks arguments against one schema. It is safe for concurrent use.
type Validator struct {
}

// Compile makes a validator of a schema that this package built.
func Compile(raw json.RawMessage) (*Validator, error) { return &Validator{}, nil }

// Validate returns what is wrong with args, sorted by field; nothing if all is well.
func (v *Validator) Validate(args json.RawMessage) []Problem { return nil }

// Repair accepts what a model often gets wrong and cannot be misunderstood: the
// JSON of a number, boolean, list or object in a string, and a single value for
// a list of them. What is right stays as it is, byte for byte.
func (v *Validator) Repair(args json.RawMessage) json.RawMessage { return args }
