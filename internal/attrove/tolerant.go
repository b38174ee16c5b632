package attrove

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Readers accept the second form of a value wherever the contract says that
// Attrove may send it. Only types that are never embedded have such a method:
// the outer type would inherit it.

// UnmarshalJSON also reads the SDK's spelling of api_key (contract section 3.1).
func (u *NewUser) UnmarshalJSON(data []byte) error {
	type plain NewUser
	return json.Unmarshal(withAlias(data, "api_key", "apiKey"), (*plain)(u))
}

// UnmarshalJSON also reads a bare id, whose prefix tells the type (P-39).
func (r *EvidenceRef) UnmarshalJSON(data []byte) error {
	type plain EvidenceRef
	if !isString(data) {
		return json.Unmarshal(data, (*plain)(r))
	}
	if err := json.Unmarshal(data, &r.ID); err != nil {
		return fmt.Errorf("evidence id: %w", err)
	}
	prefix, _, _ := strings.Cut(r.ID, "_")
	switch prefix {
	case "msg":
		r.Type = "message"
	case "mtg":
		r.Type = "meeting"
	case "evt":
		r.Type = "event"
	case "note":
		r.Type = "note"
	}
	return nil
}

// OrText says that a bare id may stand for the whole (P-39), for the schema reflector.
func (EvidenceRef) OrText() {}

// OrText says that a bare text may stand for the whole (P-39), for the schema reflector.
func (NextAction) OrText() {}

// UnmarshalJSON also reads a bare text (P-39).
func (a *NextAction) UnmarshalJSON(data []byte) error {
	type plain NextAction
	if isString(data) {
		return json.Unmarshal(data, &a.Description)
	}
	return json.Unmarshal(data, (*plain)(a))
}

// UnmarshalJSON also reads id for event_id (P-40).
func (e *GoalEvent) UnmarshalJSON(data []byte) error {
	type plain GoalEvent
	return json.Unmarshal(withAlias(data, "event_id", "id"), (*plain)(e))
}

// UnmarshalJSON also reads meeting_id for id (P-27).
func (m *SearchMeeting) UnmarshalJSON(data []byte) error {
	type plain SearchMeeting
	return json.Unmarshal(withAlias(data, "id", "meeting_id"), (*plain)(m))
}

// UnmarshalJSON also reads event_id for id (P-27).
func (e *SearchEvent) UnmarshalJSON(data []byte) error {
	type plain SearchEvent
	return json.Unmarshal(withAlias(data, "id", "event_id"), (*plain)(e))
}

func isString(data []byte) bool {
	data = bytes.TrimSpace(data)
	return len(data) > 0 && data[0] == '"'
}

// withAlias gives an object that lacks name the value of alias. What is no
// object stays for the caller to refuse.
func withAlias(data []byte, name, alias string) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return data
	}
	value, given := fields[alias]
	if _, has := fields[name]; has || !given {
		return data
	}
	fields[name] = value
	renamed, err := json.Marshal(fields)
	if err != nil {
		return data
	}
	return renamed
}
