package attrove

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// unwrap takes a reply out of its envelope, whichever form it came in (P-03).
// Apart from that every byte stays as sent.
func (c *Client) unwrap(m Meta, o outcome) (json.RawMessage, *Error) {
	if len(o.body) > maxReply {
		return nil, c.unusable(o, fmt.Sprintf("more than %d MiB; ask for less at a time", maxReply>>20))
	}
	body := bytes.TrimSpace(o.body)
	switch {
	case len(body) == 0, bytes.Equal(body, []byte("null")):
		return json.RawMessage("{}"), nil
	case body[0] == '{':
		if raw, err := unwrapObject(body); err == nil {
			return raw, nil
		}
	case body[0] == '[' && json.Valid(body):
		page := append([]byte(`{"data":`), body...)
		return append(page, `,"pagination":{"has_more":false}}`...), nil
	}
	if m.Status == http.StatusNoContent { // no answer is expected, so a mere "OK" loses nothing
		return json.RawMessage("{}"), nil
	}
	return nil, c.unusable(o, "something that is not a JSON object or list")
}

// unwrapObject reads body, which begins with a brace, once: an error says that it
// is not JSON.
func unwrapObject(body json.RawMessage) (json.RawMessage, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	var data json.RawMessage
	page := false
	for dec.PeekKind() != jsontext.KindEndObject {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		switch end := dec.InputOffset(); {
		case strings.EqualFold(name, "data"):
			data = body[end-int64(len(value)) : end]
		case strings.EqualFold(name, "pagination"):
			page = true
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	if len(data) > 0 && data[0] == '{' && !page {
		return data, nil
	}
	return body, nil
}

// unusable is the error for a success that cannot be read. It does not say that
// nothing happened: a write did.
func (c *Client) unusable(o outcome, what string) *Error {
	return &Error{Code: CodeUpstream, Status: o.status,
		Message: fmt.Sprintf("%s accepted the call (%d) but answered with %s", c.host, o.status, what)}
}
