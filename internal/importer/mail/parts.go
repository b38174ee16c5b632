package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// document is a MIME document of a body, with as much of its message's header as
// says how to read it.
func document(content textproto.MIMEHeader, body io.Reader) io.Reader {
	var head bytes.Buffer
	for name, values := range content {
		for _, value := range values {
			head.WriteString(name + ": " + value + "\r\n")
		}
	}
	head.WriteString("\r\n")
	return io.MultiReader(&head, body)
}

// How deep parts may lie in parts. Nobody's mail program goes beyond ten; and where
// boundaries are missing, each level doubles the time that enmime takes.
const (
	maxDepth   = 100
	maxOddness = 16 // for enmime
)

var (
	errOdd     = errors.New("a part that must be read tolerantly")
	errTooDeep = errors.New("parts lie too deep in parts")
)

// boundaries matches where a part that holds others may name its boundary.
var boundaries = lazily(`(?i)boundary[*0-9\s]*=`)

// parts reads the tree of a message's parts. What is made by the book mime/multipart
// takes apart, many times faster than enmime, which decodes the parts and takes
// apart the rest.
func (h Header) parts(body []byte) (*enmime.Part, error) {
	if asItStands(h.content) {
		return plainText(h.content, body), nil
	}
	if evenLines(body) {
		if root, err := takeApart(h.content, bytes.NewReader(body), maxDepth); err == nil {
			return root, nil
		}
	}
	if len(boundaries().FindAllIndex(body, maxOddness+1)) > maxOddness {
		return nil, errTooDeep
	}
	return parser().ReadParts(document(h.content, bytes.NewReader(body)))
}

// evenLines reports whether all lines end alike. mime/multipart sees only
// boundaries that end as the first does.
func evenLines(body []byte) bool {
	returns := bytes.Count(body, []byte("\r"))
	return returns == 0 || returns == bytes.Count(body, []byte("\r\n")) && returns == bytes.Count(body, []byte("\n"))
}

// takeApart reads a part, with the parts in it to so many levels.
func takeApart(content textproto.MIMEHeader, body io.Reader, levels int) (*enmime.Part, error) {
	written := content.Get("Content-Type")
	if !strings.Contains(strings.ToLower(written), "boundary") {
		if !asItStands(content) {
			return parser().ReadParts(document(content, body))
		}
		raw, err := io.ReadAll(body)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) { // perhaps without its last boundary
			return nil, fmt.Errorf("read a part: %w", err)
		}
		return plainText(content, raw), nil
	}
	kind, params, _, err := parseMediaType(written)
	switch {
	case err != nil, params["boundary"] == "", !strings.HasPrefix(kind, "multipart/"):
		return nil, errOdd
	case levels == 0:
		return nil, errTooDeep
	}
	root := enmime.NewPart(kind)
	var last *enmime.Part
	for reader := multipart.NewReader(body, params["boundary"]); ; {
		raw, err := reader.NextRawPart()
		if ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); ended && last != nil {
			return root, nil // perhaps without its last boundary
		}
		if err != nil {
			return nil, fmt.Errorf("find the parts of %s: %w", kind, err)
		}
		for name := range raw.Header {
			if strings.Contains(name, " ") { // before the colon
				return nil, errOdd
			}
		}
		part, err := takeApart(raw.Header, raw, levels-1)
		if err != nil {
			return nil, err
		}
		if last == nil {
			root.FirstChild = part
		} else {
			last.NextSibling = part
		}
		last = part
	}
}

// asItStands reports whether a part is a plain text that nothing has to be done to, as
// most messages are.
func asItStands(content textproto.MIMEHeader) bool {
	for name, values := range content {
		switch {
		case len(values) > 1, name == "Content-Disposition":
			return false
		case name == "Content-Transfer-Encoding":
			switch strings.ToLower(values[0]) {
			case "7bit", "8bit", "binary":
			default:
				return false
			}
		case name == "Content-Type":
			kind, params, _, err := parseMediaType(values[0])
			if err != nil || kind != "text/plain" || !strings.EqualFold(params["charset"], "utf-8") || params["name"]+params["file"] != "" {
				return false
			}
		}
	}
	return true
}

func plainText(content textproto.MIMEHeader, text []byte) *enmime.Part {
	return &enmime.Part{ContentType: "text/plain", Header: content, Content: text}
}
