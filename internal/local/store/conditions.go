package store

import (
	"strings"
	"time"
)

// conditions builds a WHERE clause. Columns are names from this package, values
// always parameters.
type conditions struct {
	terms []string
	args  []any
}

func (c *conditions) add(term string, args ...any) {
	c.terms = append(c.terms, term)
	c.args = append(c.args, args...)
}

// of adds whose rows are asked for. Where ids are named, they are the way to the
// rows, so the plus keeps SQLite from walking the user's whole timeline.
func (c *conditions) of(column, userID string, ids []string) {
	if len(ids) > 0 {
		column = "+" + column
	}
	c.add(column+" = ?", userID)
}

// equal adds a condition on one value, unless it is empty.
func (c *conditions) equal(column, value string) {
	if value != "" {
		c.add(column+" = ?", value)
	}
}

// oneOf adds a condition on a set of values, unless the set is empty.
func oneOf[T ~string](c *conditions, column string, values []T) {
	switch len(values) {
	case 0:
	case 1: // SQLite plans this better
		c.add(column+" = ?", values[0])
	default:
		c.add(column+" IN (SELECT value FROM json_each(?))", encodeList(values))
	}
}

// domains adds a condition on domains, which match their subdomains too. It is
// tested on row after row of a timeline, so the list is read from JSON once.
func (c *conditions) domains(column string, list []string) {
	if len(list) > 0 {
		c.add(`EXISTS (WITH wanted AS MATERIALIZED (SELECT value FROM json_each(?)) SELECT 1 FROM wanted
			WHERE `+column+` = value OR substr(`+column+`, -length(value) - 1) = '.' || value)`, encodeList(list))
	}
}

// period adds [from, to); a zero time sets no bound.
func (c *conditions) period(column string, from, to time.Time) {
	if !from.IsZero() {
		c.add(column+" >= ?", millis(from))
	}
	if !to.IsZero() {
		c.add(column+" < ?", millis(to))
	}
}

// before goes on after p in a list that is sorted newest first.
func (c *conditions) before(at, id string, p *Position) {
	if p != nil {
		c.add("("+at+", "+id+") < (?, ?)", millis(p.At), p.ID)
	}
}

// after goes on after p in a list that is sorted oldest first.
func (c *conditions) after(at, id string, p *Position) {
	if p != nil {
		c.add("("+at+", "+id+") > (?, ?)", millis(p.At), p.ID)
	}
}

func (c *conditions) String() string { return strings.Join(c.terms, " AND ") }
