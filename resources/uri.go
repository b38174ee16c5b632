package resources

import (
	"net/url"
	"strings"

	"github.com/attrove/attrove-mcp/internal/slug"
)

// scheme begins every URI of ours.
const scheme = "attrove://"

// split takes a URI apart: its path with {} where an id stands, and the id.
// What is written otherwise than ours names nothing.
func split(uri string) (pattern, id string, ok bool) {
	path, ours := strings.CutPrefix(uri, scheme)
	if !ours {
		return "", "", false
	}
	segments := strings.Split(path, "/")
	if len(segments) > 1 {
		if id, ok = segmentID(segments[1]); !ok {
			return "", "", false
		}
		segments[1] = "{}"
	}
	return strings.Join(segments, "/"), id, true
}

// segmentID is the id in a segment, which may be slug~id.
func segmentID(segment string) (id string, ok bool) {
	text, err := url.PathUnescape(segment)
	if err != nil {
		return "", false
	}
	return slug.ID(text)
}

// address is the URI of a resource under its path.
func address(path, id string) string {
	open, end := strings.Index(path, "{"), strings.Index(path, "}")
	if open < 0 {
		return scheme + path
	}
	return scheme + path[:open] + url.PathEscape(id) + path[end+1:]
}
