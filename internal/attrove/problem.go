package attrove

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
)

// problem is an error body in any of the forms that P-04 names.
type problem struct {
	code      string
	message   string
	field     string
	requestID string
	details   json.RawMessage
}

// problemBody has the fields of all forms. Each may be of any type.
type problemBody struct {
	Error     json.RawMessage `json:"error"` // an object of these, or a text
	Code      json.RawMessage `json:"code"`
	Message   json.RawMessage `json:"message"`
	Details   json.RawMessage `json:"details"`
	RequestID json.RawMessage `json:"request_id"`
	Title     json.RawMessage `json:"title"`  // RFC 9457
	Detail    json.RawMessage `json:"detail"` // RFC 9457
}

func readProblem(body []byte) problem {
	var outer problemBody
	if json.Unmarshal(body, &outer) != nil {
		return problem{message: string(body[:min(len(body), 8*maxText)])} // bytes; clean counts characters
	}
	var inner problemBody
	if err := json.Unmarshal(outer.Error, &inner); err != nil {
		inner = problemBody{}
	}
	p := problem{
		message: cmp.Or(text(inner.Message), text(outer.Message), text(outer.Error), text(outer.Detail),
			text(outer.Title), text(inner.Detail), text(inner.Title)),
		requestID: cmp.Or(text(inner.RequestID), text(outer.RequestID)),
		details:   inner.Details,
	}
	for _, code := range []string{text(inner.Code), text(outer.Code)} {
		if p.code == "" && upperSnake(code) {
			p.code = code
		}
	}
	if p.details == nil {
		p.details = outer.Details
	}
	p.refine()
	return p
}

// refine takes field and reason from the first of details [{path, message}].
func (p *problem) refine() {
	var list []struct {
		Path    json.RawMessage `json:"path"`
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(p.details, &list) != nil || len(list) == 0 {
		return
	}
	p.field = fieldPath(list[0].Path)
	if reason := text(list[0].Message); reason != "" && !strings.Contains(p.message, reason) {
		p.message = strings.TrimLeft(p.message+": "+reason, ": ")
	}
}

// fieldPath is a path as names with dots, given as a text or a list of steps.
func fieldPath(raw json.RawMessage) string {
	if path := text(raw); path != "" {
		return strings.ReplaceAll(strings.Trim(path, "/"), "/", ".")
	}
	var steps []json.RawMessage
	if json.Unmarshal(raw, &steps) != nil {
		return ""
	}
	names := make([]string, len(steps))
	for i, step := range steps {
		names[i] = cmp.Or(text(step), string(step))
	}
	return strings.Join(names, ".")
}

// text is the string that raw holds, or "".
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(bytes.TrimSpace(raw), &s) != nil {
		return ""
	}
	return s
}

func upperSnake(code string) bool {
	if code == "" || len(code) > 64 {
		return false
	}
	return strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
