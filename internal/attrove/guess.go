package attrove

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// guessOf admits what about a failed call is our guess, if that may be why it
// failed; "" if nothing is. The marks are the contract's.
func guessOf(m Meta, args json.RawMessage, failure *Error) string {
	switch failure.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		if m.Auth == AuthPartner {
			return partnerGuess
		}
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		if m.Evidence.Guessed() {
			return fmt.Sprintf("the path is our guess (%s): Attrove does not document it", m.Evidence)
		}
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return guessedFields(m, args, failure.Field)
	}
	return ""
}

// guessedFields names the sent fields that are proposals of ours; when the
// upstream blames a field, that one alone is looked at.
func guessedFields(m Meta, args json.RawMessage, blamed string) string {
	in := inputOf(m.Name)
	sent, err := splitObject(args)
	if in == nil || err != nil {
		return ""
	}
	blamed, _, _ = strings.Cut(blamed, ".")
	var guesses []string
	for name := range sent {
		mark := fieldEvidence(in, name)
		if mark.Level() == "proposed" && (blamed == "" || blamed == name) {
			guesses = append(guesses, fmt.Sprintf("%s (%s)", name, mark))
		}
	}
	if len(guesses) == 0 {
		return ""
	}
	slices.Sort(guesses)
	return "our guess, which Attrove does not document: " + strings.Join(guesses, ", ")
}

func inputOf(operation string) reflect.Type {
	for _, op := range All() {
		if op.Info().Name == operation {
			in, _ := op.Types()
			return in
		}
	}
	return nil
}

// fieldEvidence is the mark of the field of t, a struct, that JSON calls name.
func fieldEvidence(t reflect.Type, name string) Evidence {
	for _, field := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return Evidence(field.Tag.Get("evidence"))
		}
	}
	return ""
}
