// Package local is the embedded engine: the Attrove API over one SQLite file, for
// whoever has no account, and for tests. It serves the contract of internal/attrove
// as an http.Handler; Transport calls it in the same process.
package local

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/connect"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

// Options configure an Engine.
//
// A Now in the past moves what "today" and "last week" mean. It hides nothing:
// items of a later time are there, and are found unless a date filter leaves
// them out.
type Options struct {
	Path     string           // the database file; "" is one in memory, private to the engine
	Now      func() time.Time // what "now" is; nil is the real clock
	Me       []string         // the local user's e-mail addresses, the main one first
	Name     string           // the local user's name
	Timezone string           // the local user's IANA zone
	Log      zerolog.Logger

	LocalKey attrove.Secret // the local user's key for this process; "" makes one

	// A partner's credentials, which create users. Without them nobody can.
	ClientID     string
	ClientSecret attrove.Secret

	// Where webhook endpoints may be: on public hosts, unless it says otherwise.
	WebhookTargets webhooks.Targets

	// Where a browser reaches the page on which a person connects a source. It is
	// served wherever the engine is; PublicURL is the origin that links name.
	PublicURL   string // such as http://127.0.0.1:8788; without it there are no connect sessions
	RedirectURL string // where browsers go afterwards: https, or on this machine; "" is nowhere
	ConnectPage ConnectPage
	MaxUpload   int64 // bytes of a file that is handed over; 0 is connect.DefaultMaxUpload

	// Phraser puts the summaries of evaluations and answers to questions into words.
	// Without one nothing leaves the machine: the rules' own words stand, and answers
	// quote.
	Phraser Phraser

	// Embedder tells what passages and queries are about, so that search finds them
	// by that, too. Without one it finds them by their words.
	Embedder Embedder

	// GoalsChanged is called when something happened to goals in this process. It
	// must not wait.
	GoalsChanged func()

	// Sample fills an empty database when it is first opened.
	Sample func(ctx context.Context, now time.Time, push func(ctx context.Context, op attrove.Any, body json.RawMessage) error) error
	// SampleGoals then watches outcomes in it, as if from times past.
	SampleGoals func(ctx context.Context, now time.Time, call func(ctx context.Context, at time.Time, op attrove.Any, args json.RawMessage) (json.RawMessage, error)) error
}

// Engine serves the API. It is safe for concurrent use.
type Engine struct {
	o      Options
	router *Router

	core atomic.Pointer[core] // nil until opened

	mu      sync.Mutex
	closed  bool
	opening *opening // under way, or the one that opened
}

// core is what an engine has while its database is open.
type core struct {
	store     *store.Store
	index     *index.Index
	answerer  *answer.Answerer
	evaluator *goals.Evaluator
	goals     *keeper
	threads   *digest.Threads
	ingest    *jobs.Worker
	direct    *direct
	minutes   *jobs.Worker
	vectors   *jobs.Worker // nil without a model for them
	targets   webhooks.Targets
	sender    *webhooks.Sender
	webhooks  *jobs.Worker
	connect   *connect.Server
	offer     func(context.Context, store.User) string // a link to connect a source; "" for none
	coverage  coverageCache
	behind    *background
	graphs    graphCache
	persons   persons
}

// New returns an engine. It does no I/O: the database is opened when it is first
// needed.
func New(o Options) *Engine {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	// As times are kept: what an answer says is what is read later.
	o.Now = func() time.Time { return now().UTC().Truncate(time.Millisecond) }
	if o.LocalKey == "" {
		o.LocalKey = newKey()
	}
	e := &Engine{o: o}
	e.router = newRouter(e.admit, o.Log)
	routes(e.router)
	e.router.Page(attrove.ConnectPage, e.serveConnect)
	e.router.rest()
	return e
}

// ServeHTTP implements http.Handler: it is the API.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) { e.router.ServeHTTP(w, r) }

// LocalCaller returns the local user with a key that only this engine takes. It
// creates the user when there is none.
func (e *Engine) LocalCaller(ctx context.Context) (attrove.Caller, error) {
	core, err := e.open(ctx)
	if err != nil {
		return attrove.Caller{}, err
	}
	user, err := e.localUser(ctx, core)
	if err != nil {
		return attrove.Caller{}, err
	}
	return attrove.Caller{UserID: user.ID, Key: e.o.LocalKey}, nil
}

// OnlyUser is LocalCaller where there is no other user, and otherwise an error
// that says so: without a key nobody could tell whose a request is.
func (e *Engine) OnlyUser(ctx context.Context) (attrove.Caller, error) {
	who, err := e.LocalCaller(ctx)
	if err != nil {
		return attrove.Caller{}, err
	}
	core, err := e.open(ctx)
	if err != nil {
		return attrove.Caller{}, err
	}
	switch users, err := core.store.Users(ctx); {
	case err != nil:
		return attrove.Caller{}, err
	case users > 1:
		return attrove.Caller{}, &attrove.Error{Status: http.StatusForbidden, Code: attrove.CodeForbidden, Message: fmt.Sprintf(
			"the database has %d users, so that each request needs its user's key: serve it with `attrove-mcp api` "+
				"and start this server without --local, --db and --demo, with ATTROVE_BASE_URL set to that address", users)}
	}
	return who, nil
}

// Drain waits until everything pushed is indexed or has failed, by whatever
// process.
func (e *Engine) Drain(ctx context.Context) error {
	core, err := e.open(ctx)
	if err != nil {
		return err
	}
	return core.drain(ctx, "")
}

// keep starts keeping the goals of an open database.
func (e *Engine) keep(ctx context.Context, c *core) *keeper {
	return startKeeper(context.WithoutCancel(ctx), keeper{store: c.store, evaluate: c.evaluate, now: e.o.Now, phraser: e.o.Phraser, log: e.o.Log})
}

// fill loads the sample into an empty database and waits until it can be found.
func (e *Engine) fill(ctx context.Context, core *core) error {
	if e.o.Sample == nil {
		return nil
	}
	user, err := e.localUser(ctx, core)
	if err != nil {
		return err
	}
	if empty, err := core.store.Empty(ctx, user.ID); err != nil || !empty {
		return err
	}
	now := e.o.Now()
	err = e.o.Sample(ctx, now, func(ctx context.Context, op attrove.Any, body json.RawMessage) error {
		_, err := e.router.routes[op.Info().Name].run(ctx, Caller{User: user, Now: now, core: core}, inputs{body: body})
		return err
	})
	if err != nil {
		return fmt.Errorf("load the sample: %w", err)
	}
	if err := core.drain(ctx, ""); err != nil || e.o.SampleGoals == nil {
		return err
	}
	return e.fillGoals(ctx, core, user)
}

// fillGoals has the sample's goals kept by a clock that the sample sets, until it
// comes to now.
func (e *Engine) fillGoals(ctx context.Context, core *core, user store.User) error {
	var clock atomic.Pointer[time.Time]
	now := e.o.Now()
	clock.Store(&now)
	core.goals.stop()
	// No model is asked about times past.
	core.goals = startKeeper(context.WithoutCancel(ctx), keeper{store: core.store, evaluate: core.evaluate,
		now: func() time.Time { return *clock.Load() }, log: e.o.Log})
	err := e.o.SampleGoals(ctx, now, func(ctx context.Context, at time.Time, op attrove.Any, args json.RawMessage) (json.RawMessage, error) {
		clock.Store(&at)
		placed, err := attrove.Place(op.Info(), user.ID, args)
		if err != nil {
			return nil, err
		}
		out, err := e.router.routes[op.Info().Name].run(ctx, Caller{User: user, Now: at, core: core}, inputs{query: placed.Query, body: placed.Body})
		if err != nil {
			return nil, err
		}
		if err := core.goals.finish(ctx, user.ID); err != nil { // before the clock goes on
			return nil, err
		}
		return json.Marshal(out)
	})
	core.goals.stop()
	core.goals = e.keep(ctx, core)
	if err != nil {
		return fmt.Errorf("load the sample's goals: %w", err)
	}
	return nil
}

// localUser returns the person at this machine, created if need be.
func (e *Engine) localUser(ctx context.Context, core *core) (store.User, error) {
	want := store.User{ID: uuid.NewString(), Email: store.PlaceholderEmail, Timezone: e.o.Timezone,
		CreatedAt: e.o.Now(), UpdatedAt: e.o.Now()}
	want.FirstName, want.LastName, _ = strings.Cut(e.o.Name, " ")
	for _, address := range e.o.Me {
		want.Addresses = append(want.Addresses, strings.ToLower(strings.TrimSpace(address)))
	}
	if len(want.Addresses) > 0 {
		want.Email = want.Addresses[0]
	}
	return core.store.LocalUser(ctx, want)
}
