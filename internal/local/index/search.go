package index

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// How much a search returns; the contract has no limit (section 5.5).
const (
	searchItems = 25 // of each kind
	snippetLen  = 240
)

// Search answers attrove.Search.
func (x *Index) Search(ctx context.Context, user store.User, in attrove.SearchIn, now time.Time) (attrove.SearchOut, error) {
	req := Request{Text: in.Query, Domains: Domains(in.SenderDomains), Limit: searchItems, Once: true, Now: now}
	var err error
	if req.From, req.To, err = days(in, now.In(user.Location())); err != nil {
		return attrove.SearchOut{}, err
	}
	items, w, err := x.find(ctx, user, req)
	if err != nil {
		return attrove.SearchOut{}, err
	}
	out, err := x.group(ctx, user, items, w, in)
	if err != nil {
		return attrove.SearchOut{}, err
	}
	if Match(in.Query) == "" {
		out.Warnings = append(out.Warnings, "The query has no word to look for.")
	}
	return out, nil
}

// days reads the period of a search; both of its days count (section 2.2).
func days(in attrove.SearchIn, now time.Time) (from, to time.Time, err error) {
	from, to, err = when.ParseBounds(when.Bound{Name: "after_date", Value: string(in.AfterDate)},
		when.Bound{Name: "before_date", Value: string(in.BeforeDate)}, now)
	var wrong *when.BoundError
	if errors.As(err, &wrong) {
		return from, to, &attrove.Error{
			Code: attrove.CodeValidation, Status: http.StatusUnprocessableEntity, Field: wrong.Name, Message: wrong.Error(),
		}
	}
	return from, to, err
}

// Domains brings domains to the form that senders' are stored in.
func Domains(list []string) []string {
	var out []string
	for _, d := range list {
		d = strings.ToLower(strings.TrimSpace(d))
		d = d[strings.LastIndexByte(d, '@')+1:]
		if d = strings.Trim(d, "."); d != "" {
			out = append(out, d)
		}
	}
	return out
}
