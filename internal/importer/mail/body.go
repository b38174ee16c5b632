package mail

import (
	"bytes"
	"strings"

	"github.com/inbucket/html2text"
	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
	"github.com/smallstep/pkcs7"
)

// Attachment is what is known of a part that is not the message's text.
type Attachment struct {
	Name  string `json:"name,omitempty"`
	Type  string `json:"type"`
	Bytes int    `json:"bytes"`
}

// parser reads MIME as tolerantly as enmime can.
func parser() *enmime.Parser {
	return enmime.NewParser(
		enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }),
		enmime.MaxStoredPartErrors(1),
		enmime.SetCustomParseMediaType(parseMediaType),
		// Detection overrules what the sender declared, and errs on short text.
		enmime.DisableCharacterDetection(true),
	)
}

// parseMediaType leaves text undecoded that declares no character set or ASCII,
// because 8-bit text under those labels is most often UTF-8; toUTF8 sees to it.
func parseMediaType(value string) (string, map[string]string, []string, error) {
	kind, params, invalid, err := mediatype.Parse(value)
	if err == nil && strings.HasPrefix(kind, "text/") {
		switch strings.ToLower(params["charset"]) {
		case "", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "unknown", "default":
			if params == nil {
				params = map[string]string{}
			}
			params["charset"] = "utf-8"
		}
	}
	return kind, params, invalid, err
}

// content is what a MIME tree holds.
type content struct {
	text        []string
	attachments []Attachment
	calendars   [][]byte
	sealed      string // the type of a part that only a key could open
	garbled     bool   // there is text that no decoding made sense of
	plain       bool   // it is an alternative to plain text, so that its HTML is not needed
}

// read walks the tree below part. Parts that are alternatives of each other
// count once: plain text before HTML, if there is any in it.
func (c *content) read(part *enmime.Part) {
	if part.FirstChild == nil {
		c.leaf(part)
		return
	}
	if part.ContentType != "multipart/alternative" {
		for child := part.FirstChild; child != nil; child = child.NextSibling {
			c.read(child)
		}
		return
	}
	var best []string
	plain := c.plain
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		option := content{plain: plain}
		option.read(child)
		if isPlain := child.ContentType == "text/plain"; len(option.text) > 0 && (len(best) == 0 || isPlain) {
			best, plain = option.text, plain || isPlain
		}
		c.attachments = append(c.attachments, option.attachments...)
		c.calendars = append(c.calendars, option.calendars...)
		c.garbled = c.garbled || option.garbled
		c.sealed += option.sealed
	}
	c.text = append(c.text, best...)
}

func (c *content) leaf(part *enmime.Part) {
	switch part.ContentType {
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		c.envelope(part)
		return
	case "application/pgp-encrypted":
		c.sealed = part.ContentType
		return
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return // how the message was sealed, not something sent along
	}
	if part.ContentType == "text/calendar" || part.ContentType == "application/ics" || strings.HasSuffix(strings.ToLower(part.FileName), ".ics") {
		c.calendars = append(c.calendars, part.Content)
	}
	text, ok := "", false
	if part.Disposition != "attachment" {
		if c.plain && part.ContentType == "text/html" {
			return
		}
		text, ok = leafText(part)
	}
	switch {
	case ok && strings.HasPrefix(strings.TrimSpace(text), armored):
		c.sealed = part.ContentType
	case ok && garbled(text):
		c.garbled = true
	case ok && strings.TrimSpace(text) != "":
		c.text = append(c.text, tidy(text))
	case ok && part.FileName == "":
		// An empty text, or a container with nothing in it.
	default:
		c.attachments = append(c.attachments, Attachment{
			Name: oneLine(part.FileName), Type: part.ContentType, Bytes: len(part.Content),
		})
	}
}

// envelope reads what a message is signed around (RFC 8551 section 3.5.2), which
// needs no key. What else S/MIME envelopes hold is encrypted.
func (c *content) envelope(part *enmime.Part) {
	opened, err := pkcs7.Parse(part.Content)
	if err == nil && len(opened.Content) > 0 && len(opened.Signers) > 0 {
		if inner, err := parser().ReadParts(bytes.NewReader(opened.Content)); err == nil {
			c.read(inner)
			return
		}
	}
	c.sealed = part.ContentType
}

// armored begins what PGP encrypted within text (RFC 9580 section 6.2).
const armored = "-----BEGIN PGP MESSAGE-----"

// leafText returns the text of a part, if it is one that can be shown as such.
func leafText(part *enmime.Part) (string, bool) {
	text := toUTF8(part.Content)
	switch part.ContentType {
	case "text/plain", "text", "":
		if _, params, _, err := mediatype.Parse(part.Header.Get("Content-Type")); err == nil &&
			strings.EqualFold(params["format"], "flowed") {
			text = unflow(text, strings.EqualFold(params["delsp"], "yes"))
		}
		return text, true
	case "text/html":
		plain, err := html2text.FromString(text, html2text.Options{OmitLinks: true})
		return plain, err == nil
	case "text/enriched", "text/richtext":
		return unenrich(text), true
	}
	// A container without a boundary holds what it holds as it stands.
	return text, strings.HasPrefix(part.ContentType, "multipart/")
}

// unreadable says why a message's text cannot be read, or "" if it can or if
// there simply is none.
func unreadable(root *enmime.Part, c content) string {
	switch {
	case c.sealed != "":
		return "it is encrypted or sealed (" + c.sealed + ")"
	case len(c.text) == 0 && c.garbled:
		return "its text is garbled, in a character set or encoding that it does not declare"
	case len(c.text) == 0 && len(root.Errors) > 0 && root.Errors[0].Severe:
		return "its MIME structure is broken: " + oneLine(root.Errors[0].Detail)
	}
	return ""
}
