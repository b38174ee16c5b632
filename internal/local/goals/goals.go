// Package goals evaluates watched outcomes by rule: it gathers what was written,
// said and noted in a goal's scope, reads what people ask, promise and wait for,
// and decides how the goal does and whose move is next. Every claim that it makes
// cites the item that it rests on. It reads only: whatever it suggests, a human
// decides. The same stream and clock give the same finding.
package goals

import (
	"context"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const day = 24 * time.Hour

// Evaluator evaluates goals.
type Evaluator struct {
	store  *store.Store
	index  *index.Index
	reader speech.Reader
}

// New returns an evaluator that reads s and searches with x.
func New(s *store.Store, x *index.Index) *Evaluator {
	return &Evaluator{store: s, index: x, reader: speech.NewReader()}
}

// Finding is what one evaluation found (contract section 6.2, GoalStatusSnapshot).
type Finding struct {
	Health             attrove.Health
	Summary            string // each sentence with the ids of what it rests on, in brackets
	Cited              []attrove.EvidenceRef
	Risks              []attrove.RiskSignal
	NextActions        []attrove.NextAction
	Confidence         float64           // 0 to 1
	SuggestedLifecycle attrove.Lifecycle // for a human to confirm; "" for none
	NextMove           attrove.NextMove
	LastActivity       time.Time // what ends an acknowledged silence; zero if there was none
	NextLook           time.Time // when the outcome may change with no new item; zero for never
}

// Evaluate finds out how a goal does at now. It ignores whatever is later.
func (e *Evaluator) Evaluate(ctx context.Context, user store.User, g store.Goal, now time.Time) (Finding, error) {
	c, err := e.study(ctx, user, g, now)
	if err != nil {
		return Finding{}, err
	}
	return c.finding(), nil
}

// study gathers a goal's stream and reads what is open in it.
func (e *Evaluator) study(ctx context.Context, user store.User, g store.Goal, now time.Time) (*study, error) {
	s, err := e.gather(ctx, user, g, now.In(user.Location()))
	if err != nil {
		return nil, fmt.Errorf("gather the stream of goal %s: %w", g.ID, err)
	}
	c := &study{stream: s, goal: g, reader: e.reader, said: map[int][]speech.Statement{}}
	c.read()
	c.decide()
	return c, nil
}
