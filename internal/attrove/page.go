package attrove

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// PageLink is where a page is that a person opens in a browser.
type PageLink struct {
	URL string `json:"url" evidence:"D" jsonschema_description:"The address for the user to open."`
}

// Link returns the address of a page with args as its query, as a RawReply of a
// PageLink. It calls nothing. Errors are *Error.
func (c *Client) Link(m Meta, args json.RawMessage) (RawReply, error) {
	if c.ours {
		return RawReply{}, &Error{Code: CodeInvalidArgument, Operation: m.Name,
			Message: "the embedded engine's page has an address of its own: take activation_url from the answer that made the session"}
	}
	placed, err := Place(m, "", args)
	if err != nil {
		return RawReply{}, err
	}
	raw, err := json.Marshal(PageLink{URL: m.Page + placed.Path + "?" + placed.Query.Encode()})
	if err != nil {
		return RawReply{}, fmt.Errorf("encode link: %w", err)
	}
	return RawReply{Raw: raw, Status: http.StatusOK}, nil
}
