package local

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// cursor is the place of a page's last row. It holds no count of rows, so what is
// added or removed meanwhile neither repeats nor skips others.
type cursor struct {
	List string `json:"l"` // the operation it belongs to
	At   int64  `json:"t"`
	ID   string `json:"i"`
}

func (c cursor) encode() string {
	return base64.RawURLEncoding.EncodeToString(encode(c))
}

func decodeCursor(list, text string) (cursor, error) {
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &c) != nil || c.List != list || c.ID == "" {
		return cursor{}, &attrove.Error{Status: http.StatusBadRequest, Code: attrove.CodeInvalidCursor, Field: "cursor",
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
	var after *store.Position
	if cut.Cursor != "" {
		c, err := decodeCursor(p.list.Name, cut.Cursor)
		if err != nil {
			return attrove.Page[Out]{}, err
		}
		after = &store.Position{At: time.UnixMilli(c.At), ID: c.ID}
	}
	limit := cut.Limit
	if limit == 0 {
		limit = attrove.DefaultLimit
	}
	rows, err := fetch(after, limit+1) // one more shows whether another page follows
	if err != nil {
		return attrove.Page[Out]{}, err
	}
	out := attrove.Page[Out]{Data: []Out{}, Pagination: attrove.Pagination{Limit: limit}}
	if len(rows) > limit {
		rows = rows[:limit]
		last := p.position(rows[limit-1])
		out.Pagination.HasMore = true
		out.Pagination.NextCursor = cursor{List: p.list.Name, At: last.At.UnixMilli(), ID: last.ID}.encode()
	}
	for _, row := range rows {
		out.Data = append(out.Data, p.show(row))
	}
	return out, nil
}
