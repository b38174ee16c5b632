package attrove

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// unwrap takes a reply out of its envelope, whichever form it came in (P-03).
// Apart from that every byte stays as sent.
func (c *Client) unwrap(m Meta, o outcome) (json.RawMessage, *Error) {
	if len(o.body) > maxReply {
		return nil, c.unusable(o, fmt.Sprintf("more than %d MiB; ask for less at a time", maxReply>>20))
	}
	body := bytes.TrimSpace(o.body)
	valid := json.Valid(body)
	switch {
	case len(body) == 0, bytes.Equal(body, []byte("null")):
		return json.RawMessage("{}"), nil
	case valid && body[0] == '{':
		return unwrapObject(body), nil
	case valid && body[0] == '[':
		page := append([]byte(`{"data":`), body...)
		return append(page, `,"pagination":{"has_more":false}}`...), nil
	case m.Status == http.StatusNoContent: // no answer is expected, so a mere "OK" loses nothing
		return json.RawMessage("{}"), nil
	}
	return nil, c.unusable(o, "something that is not a JSON object or list")
}

func unwrapObject(body json.RawMessage) json.RawMessage {
	var envelope struct {
		Data       json.RawMessage `json:"data"`
		Pagination json.RawMessage `json:"pagination"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Pagination != nil {
		return body
	}
	if data := bytes.TrimSpace(envelope.Data); len(data) > 0 && data[0] == '{' {
		return data
	}
	return body
}

// unusable is the error for a success that cannot be read. It does not say that
// nothing happened: a write did.
func (c *Client) unusable(o outcome, what string) *Error {
	return &Error{Code: CodeUpstream, Status: o.status,
		Message: fmt.Sprintf("%s accepted the call (%d) but answered with %s", c.host, o.status, what)}
}
