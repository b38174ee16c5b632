package view

import "encoding/json"

// Hinted is a result that was made before, with one more thing to do next.
func Hinted(structured json.RawMessage, hint string) (Result, error) {
	root, err := parse(structured)
	if err != nil {
		return Result{}, err
	}
	if before := root.take("hint"); before != nil {
		hint = sentences(before.text, hint)
	}
	foreign := root.member("untrusted") != nil
	return Result{Structured: splice(root.json(), compact(Notes{Hint: hint})), foreign: foreign}, nil
}
