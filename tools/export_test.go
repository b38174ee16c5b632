package tools

import "encoding/json"

// Check is what of the arguments is left once they are repaired and checked.
func Check(t *Tool, args json.RawMessage) (json.RawMessage, error) {
	fields, err := t.check(args)
	if err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}
