package resources

import (
	"context"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// reading is one read of one resource.
type reading struct {
	env      Env
	who      attrove.Caller
	resource *Resource
	id       string
	zone     func() *time.Location // the user's
}

// newReading begins a read.
func newReading(ctx context.Context, env Env, who attrove.Caller, r *Resource) reading {
	zone := sync.OnceValue(func() *time.Location {
		if env.Zone != nil {
			return env.Zone
		}
		return attrove.ZoneOf(ctx, env.Client, who)
	})
	return reading{env: env, who: who, resource: r, zone: zone}
}

// shown is an answer as a view lets it be seen.
type shown[Out any] = view.Shown[Out]

// show calls an operation and has a view clean the answer and cut it to budget.
// whole names the tools that return what was cut where; the resource's own tool
// returns the rest.
func show[In, Out any](ctx context.Context, r reading, op attrove.Operation[In, Out], in In, budget int, whole map[string]string) (shown[Out], error) {
	return view.Show(ctx, r.env.Client, r.who, op, in, view.Spec{Whole: whole}, view.Request{Tool: r.resource.tool, Budget: budget})
}

// moment is a time for people; what is no time stays as it came.
func (r reading) moment(t attrove.DateTime) string {
	at, err := time.Parse(time.RFC3339, string(t))
	if err != nil {
		return line(t)
	}
	return at.In(r.zone()).Format("2006-01-02 15:04 MST")
}
