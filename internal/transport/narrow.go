package transport

import (
	"fmt"
	"net/http"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
)

// The headers with which a request narrows what the server offers it. The first
// three hold names, separated by commas.
const (
	ToolsetsHeader = "Attrove-Mcp-Toolsets"
	ToolsHeader    = "Attrove-Mcp-Tools"
	ExcludeHeader  = "Attrove-Mcp-Exclude-Tools"
	ReadOnlyHeader = "Attrove-Mcp-Read-Only" // true or false
)

// A client sends the same headers with each request, so few texts are many
// requests; whoever sends ever new ones gains nothing but work.
const (
	narrowings   = 128     // that are kept
	maxNarrowing = 4 << 10 // bytes of the four headers
)

// narrowing offers each request what its headers leave of the whole.
type narrowing struct {
	whole gate.Inventory
	kept  *lru.Cache[[4]string, gate.Inventory]
}

func newNarrowing(whole gate.Inventory) *narrowing {
	kept, _ := lru.New[[4]string, gate.Inventory](narrowings) // only a size below 1 is an error
	return &narrowing{whole: whole, kept: kept}
}

// narrowed passes requests on with what they are offered in their context.
func (n *narrowing) narrowed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said := [4]string{joined(r, ToolsetsHeader), joined(r, ToolsHeader), joined(r, ExcludeHeader), joined(r, ReadOnlyHeader)}
		if said == [4]string{} {
			next.ServeHTTP(w, r)
			return
		}
		left, err := n.of(said)
		if err != nil {
			refuse(w, http.StatusBadRequest, attrove.CodeInvalidRequest, err.Error())
			return
		}
		next.ServeHTTP(w, r.WithContext(gate.Narrowed(r.Context(), left)))
	})
}

// joined is a header as one list (RFC 9110, section 5.3).
func joined(r *http.Request, name string) string { return strings.Join(r.Header.Values(name), ",") }

// of is what the headers leave.
func (n *narrowing) of(said [4]string) (gate.Inventory, error) {
	if left, ok := n.kept.Get(said); ok {
		return left, nil
	}
	if size := len(said[0]) + len(said[1]) + len(said[2]) + len(said[3]); size > maxNarrowing {
		return gate.Inventory{}, fmt.Errorf("%s and the like: together they may hold %d bytes at most", ToolsetsHeader, maxNarrowing)
	}
	s := gate.Selection{Toolsets: strings.Split(said[0], ","), Tools: strings.Split(said[1], ","), Exclude: strings.Split(said[2], ",")}
	switch only := strings.ToLower(strings.TrimSpace(said[3])); {
	case only == "false" && n.whole.ReadOnly():
		return gate.Inventory{}, fmt.Errorf("%s: this server is read-only; leave the header out", ReadOnlyHeader)
	case only != "" && only != "true" && only != "false":
		return gate.Inventory{}, fmt.Errorf("%s: must be true or false", ReadOnlyHeader)
	default:
		s.ReadOnly = only == "true"
	}
	left, err := n.whole.Narrow(s, gate.Names{Toolsets: ToolsetsHeader, Tools: ToolsHeader, Exclude: ExcludeHeader, ReadOnly: ReadOnlyHeader})
	if err == nil {
		n.kept.Add(said, left)
	}
	return left, err
}
