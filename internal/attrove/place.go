package attrove

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Request is where the arguments of one call travel.
type Request struct {
	Path  string // escaped
	Query url.Values
	Body  json.RawMessage // nil when nothing travels there
}

// Place splits args, a JSON object, by name: a name in the path template goes
// into the path, on GET and DELETE the rest into the query, otherwise into the
// body. Nothing is decoded further than that, so that null, absence and large
// numbers survive. The user id of a user operation is userID and never an
// argument; a partner operation takes it from args.
func Place(m Meta, userID string, args json.RawMessage) (Request, error) {
	fields, err := splitObject(args)
	if err != nil {
		return Request{}, err
	}
	if m.Auth == AuthUser {
		if _, given := fields["user_id"]; given {
			return Request{}, fieldError("user_id", "is not an argument: it is the caller's own")
		}
		fields["user_id"], err = json.Marshal(userID)
		if err != nil {
			return Request{}, fmt.Errorf("encode user id: %w", err)
		}
	}
	var req Request
	if req.Path, err = fillPath(m.Path, fields); err != nil {
		return Request{}, err
	}
	if m.InQuery() {
		req.Query, err = queryOf(fields)
		return req, err
	}
	if len(fields) > 0 {
		if req.Body, err = json.Marshal(fields); err != nil {
			return Request{}, fmt.Errorf("encode body: %w", err)
		}
	}
	return req, nil
}

func splitObject(args json.RawMessage) (map[string]json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(args)) == 0 {
		return fields, nil
	}
	if err := json.Unmarshal(args, &fields); err != nil {
		return nil, &Error{Code: CodeInvalidArgument, Message: "arguments must be a JSON object"}
	}
	if fields == nil { // "null"
		fields = map[string]json.RawMessage{}
	}
	return fields, nil
}

// fillPath fills the template and takes what it used out of fields. Dot
// segments are refused: a router answers them with a redirect to another
// operation.
func fillPath(template string, fields map[string]json.RawMessage) (string, error) {
	segments := strings.Split(template, "/")
	for i, segment := range segments {
		name, ok := pathName(segment)
		if !ok {
			continue
		}
		var value string
		if raw, given := fields[name]; !given || json.Unmarshal(raw, &value) != nil {
			return "", fieldError(name, "is required and must be a string")
		}
		if value == "" || value == "." || value == ".." {
			return "", fieldError(name, "must be an id")
		}
		segments[i] = url.PathEscape(value)
		delete(fields, name)
	}
	return strings.Join(segments, "/"), nil
}

func pathName(segment string) (string, bool) {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

func queryOf(fields map[string]json.RawMessage) (url.Values, error) {
	query := url.Values{}
	for name, raw := range fields {
		values, err := queryValues(name, raw)
		if err != nil {
			return nil, err
		}
		if len(values) > 0 {
			query.Set(name, strings.Join(values, ",")) // lists are comma-separated: P-06b
		}
	}
	return query, nil
}

func queryValues(name string, raw json.RawMessage) ([]string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, fieldError(name, "has no value")
	}
	switch raw[0] {
	case 'n': // null is absence in a query
		return nil, nil
	case '{':
		return nil, fieldError(name, "must not be an object")
	case '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, fieldError(name, "is not a valid string")
		}
		return []string{s}, nil
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, fieldError(name, "is not a valid list")
		}
		var all []string
		for _, item := range list {
			one, err := listItem(name, item)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	}
	return []string{string(raw)}, nil // a number or a boolean, as written
}

// listItem refuses what P-06b cannot carry: a comma would split the item.
func listItem(name string, raw json.RawMessage) (string, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", fieldError(name, "must be a list of strings")
	}
	if strings.Contains(s, ",") {
		return "", fieldError(name, "must not hold a comma in one item")
	}
	return s, nil
}

func fieldError(field, message string) *Error {
	return &Error{Code: CodeInvalidArgument, Field: field, Message: field + " " + message}
}
