// Package answer answers questions from what the store holds, by quoting: it
// chooses sentences that people wrote or said, and gives the source of each. It
// never writes a claim of its own, follows no instruction that it finds in a
// text, and without evidence it gives no answer.
package answer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Answerer answers questions.
type Answerer struct {
	store       *store.Store
	index       *index.Index
	reader      speech.Reader
	digests     digest.Reader
	classifier  func() classifier // made when it is first needed
	interpreter func() interpreter
	writer      Writer // nil for quotations
}

// New returns an answerer that reads s and searches with x.
func New(s *store.Store, x *index.Index) *Answerer {
	return &Answerer{
		store: s, index: x, reader: speech.NewReader(), digests: digest.NewReader(),
		classifier: sync.OnceValue(newClassifier), interpreter: sync.OnceValue(newInterpreter),
	}
}

// Query answers attrove.Query.
func (a *Answerer) Query(ctx context.Context, user store.User, in attrove.QueryIn, now time.Time) (attrove.QueryOut, error) {
	q, err := a.understand(ctx, user, in, now)
	if err != nil {
		return attrove.QueryOut{}, fmt.Errorf("understand the question: %w", err)
	}
	lines, err := a.lines(ctx, q)
	if err != nil {
		return attrove.QueryOut{}, fmt.Errorf("find an answer: %w", err)
	}
	unread, err := a.unread(ctx, q)
	if err != nil {
		return attrove.QueryOut{}, fmt.Errorf("tell what is not read: %w", err)
	}
	written, err := a.write(ctx, q, lines)
	if err != nil {
		return attrove.QueryOut{}, fmt.Errorf("write the answer: %w", err)
	}
	return compose(q, in, written.then(quoted(unread))), nil
}
