package local

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// cursor is the place of a page's last row. It holds no count of rows, so what is
// added or removed meanwhile neither repeats nor skips others.
type cursor[Place any] struct {
	List  string `json:"l"` // the operation it belongs to
	Place *Place `json:"p"`
}

func (c cursor[Place]) encode() string {
	return base64.RawURLEncoding.EncodeToString(encode(c))
}

func decodeCursor[Place any](list, text string) (cursor[Place], error) {
	var c cursor[Place]
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &c) != nil || c.List != list || c.Place == nil {
		return cursor[Place]{}, &attrove.Error{Status: http.StatusBadRequest, Code: attrove.CodeInvalidCursor, Field: "cursor",
			Message: "cursor is none that this list gave; leave it out to begin again"}
	}
	return c, nil
}

// pager cuts a list of Row, whose places position tells, into pages of Out.
type pager[Row, Out any] struct {
	list     attrove.Meta
	position func(Row) store.Position
	show     func(Row) Out
}

// page answers with one page. Fetch gets where to go on, if the request says,
// and how many rows to return at most.
func (p pager[Row, Out]) page(cut attrove.Cut, fetch func(after *store.Position, limit int) ([]Row, error)) (attrove.Page[Out], error) {
	return placePager[Row, Out, store.Position]{p.list, p.position, p.show}.page(cut, fetch)
}

// placePager is pager for a list with an order of its own: Place, which encodes
// as JSON, is where a row stands in it.
type placePager[Row, Out, Place any] struct {
	list  attrove.Meta
	place func(Row) Place
	show  func(Row) Out
}

func (p placePager[Row, Out, Place]) page(cut attrove.Cut, fetch func(after *Place, limit int) ([]Row, error)) (attrove.Page[Out], error) {
	var after *Place
	if cut.Cursor != "" {
		c, err := decodeCursor[Place](p.list.Name, cut.Cursor)
		if err != nil {
			return attrove.Page[Out]{}, err
		}
		after = c.Place
	}
	limit := cmp.Or(cut.Limit, attrove.DefaultLimit)
	rows, err := fetch(after, limit+1) // one more shows whether another page follows
	if err != nil {
		return attrove.Page[Out]{}, err
	}
	out := attrove.Page[Out]{Data: []Out{}, Pagination: attrove.Pagination{Limit: limit}}
	if len(rows) > limit {
		rows = rows[:limit]
		last := p.place(rows[limit-1])
		out.Pagination.HasMore = true
		out.Pagination.NextCursor = cursor[Place]{p.list.Name, &last}.encode()
	}
	for _, row := range rows {
		out.Data = append(out.Data, p.show(row))
	}
	return out, nil
}
