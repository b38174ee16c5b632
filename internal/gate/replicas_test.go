package gate_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/replicas/redistest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/tools"
)

const older, newer = attrove.Secret("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), attrove.Secret("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")

// fleet is replicas in front of one goal.
type fleet struct {
	*testing.T
	redis *redistest.Server
	up    *attrovetest.Upstream
}

func newFleet(t *testing.T) fleet {
	t.Helper()
	return fleet{t, redistest.Start(t), &attrovetest.Upstream{Answer: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":{"id":"gol_1","title":"Renew ACME","lifecycle":"active","health":"at_risk","lifecycle_version":3}}`)
	}}}
}

// replica is one process with its connections to Redis.
func (f fleet) replica(seals ...attrove.Secret) *gate.Gate {
	f.Helper()
	return f.sealed(gate.NewSeals(seals...))
}

// sealed is a replica whose seals the test has, too.
func (f fleet) sealed(seals *gate.Seals) *gate.Gate {
	f.Helper()
	shared, err := replicas.Open(replicas.Options{URL: f.redis.URL(), Log: safetest.Log(f, io.Discard).Logger})
	require.NoError(f, err)
	f.Cleanup(func() { assert.NoError(f, shared.Close()) })
	ctx, stop := context.WithCancel(f.Context())
	up := make(joined, 100)
	var running sync.WaitGroup
	running.Go(func() { shared.Run(ctx, up) })
	f.Cleanup(running.Wait)
	f.Cleanup(stop)
	<-up
	who := func(context.Context) (attrove.Caller, error) {
		return attrove.Caller{UserID: "ann", Key: "sk_ann"}, nil
	}
	return gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: f.up.Client(f.T)}, who,
		gate.WithConfirmation(gate.Confirmation{Seals: seals, Used: shared}))
}

// joined has something once a replica is subscribed.
type joined chan struct{}

func (joined) Hear(string) {}
func (j joined) RingAll()  { j <- struct{}{} }

// yes is the call with the human's yes to the question that g puts.
func (f fleet) yes(g *gate.Gate) gate.Request {
	f.Helper()
	r := archive("x")
	result, question := call(f.T, g, r)
	require.NotNil(f, question, "%s", result.Structured)
	r.Answer = &gate.Answer{State: question.State, Verdict: gate.Yes}
	return r
}

// done counts the commands that went out.
func (f fleet) done() int {
	n := 0
	for _, one := range f.up.Requests() {
		if one.Method != http.MethodGet {
			n++
		}
	}
	return n
}

func (f fleet) refused(g *gate.Gate, r gate.Request, why string) {
	f.Helper()
	before := f.done()
	result, question := call(f.T, g, r)
	assert.Nil(f, question)
	assert.Equal(f, gate.CodeUnconfirmed, result.Code)
	assert.Contains(f, result.Text("n"), why)
	assert.Equal(f, before, f.done(), "nothing is done")
}

// TestReplicasHonourAnAnswerOnce: whichever of them gets it first.
func TestReplicasHonourAnAnswerOnce(t *testing.T) {
	f := newFleet(t)
	a, b := f.replica(older), f.replica(older)
	r := f.yes(a)
	result, _ := call(t, b, r)
	require.False(t, result.Failed(), "%s", result.Structured)
	f.refused(a, r, "used before")
	f.refused(b, r, "used before")
	f.refused(f.replica(older), r, "used before") // started since
	assert.Equal(t, 1, f.done())
}

func TestReplicasHonourAnAnswerOnceAtOnce(t *testing.T) {
	f := newFleet(t)
	all := []*gate.Gate{f.replica(older), f.replica(older), f.replica(older)}
	r := f.yes(all[0])
	var calling sync.WaitGroup
	for i := range 24 {
		calling.Go(func() { call(t, all[i%3], r) })
	}
	calling.Wait()
	assert.Equal(t, 1, f.done())
}

// TestRotationWhileAQuestionIsOpen: replicas get the new secret one after another.
func TestRotationWhileAQuestionIsOpen(t *testing.T) {
	f := newFleet(t)
	before, next, after := f.replica(older), f.replica(older, newer), f.replica(newer, older)
	for _, c := range []struct{ asks, answers *gate.Gate }{{before, after}, {after, next}, {next, before}} {
		r := f.yes(c.asks)
		result, _ := call(t, c.answers, r)
		require.False(t, result.Failed(), "%s", result.Structured)
		f.refused(next, r, "used before")
	}
	f.refused(f.replica(newer), f.yes(before), "not what this server gave")
}

// TestSealsAreReplaced while questions are open: as if the process had been started
// with the others.
func TestSealsAreReplaced(t *testing.T) {
	f := newFleet(t)
	seals := gate.NewSeals(older)
	a := f.sealed(seals)
	r := f.yes(a)
	seals.Replace(newer, older)
	result, _ := call(t, a, r)
	require.False(t, result.Failed(), "%s", result.Structured)
	f.refused(f.replica(older), f.yes(a), "not what this server gave")
	r = f.yes(a)
	seals.Replace(older)
	f.refused(a, r, "not what this server gave")
}

func TestAnotherDeploymentsAnswer(t *testing.T) {
	f := newFleet(t)
	ours, theirs := f.replica(older), f.replica(newer)
	r := f.yes(theirs)
	f.refused(ours, r, "not what this server gave")
	result, _ := call(t, theirs, r)
	assert.False(t, result.Failed(), "that was no use of it")
}

// TestWithoutRedisNoAnswerIsHonoured: it might have been used.
func TestWithoutRedisNoAnswerIsHonoured(t *testing.T) {
	f := newFleet(t)
	a := f.replica(older)
	r := f.yes(a)
	f.redis.Pause(time.Minute)
	began := time.Now()
	f.refused(a, r, "cannot find out now whether the answer was used before")
	assert.Less(t, time.Since(began), 20*time.Second, "Redis was waited for")
	f.redis.Stop()
	f.refused(a, r, "cannot find out now whether the answer was used before")
	f.redis.Restart()
	f.refused(f.replica(older), r, "cannot find out now whether the answer was used before") // it may have been
	assert.Zero(t, f.done())
}

// TestWhatCallsChange: of a call that went well and may have changed something,
// others are told, with the user alone.
func TestWhatCallsChange(t *testing.T) {
	for name, c := range map[string]struct {
		r      gate.Request
		status int
		told   []string
	}{
		"a command":  {gate.Request{Tool: "attrove_acknowledge_goal", Arguments: json.RawMessage(`{"goal_id":"gol_1","until":"2027-01-01T00:00:00Z"}`)}, 200, []string{"ann"}},
		"a refusal":  {gate.Request{Tool: "attrove_acknowledge_goal", Arguments: json.RawMessage(`{"goal_id":"gol_1","until":"2027-01-01T00:00:00Z"}`)}, 403, nil},
		"a read":     {gate.Request{Tool: "attrove_list_goals"}, 200, nil},
		"a question": {archive("x"), 200, nil},
	} {
		t.Run(name, func(t *testing.T) {
			up := attrovetest.Says(c.status, `{"data":{"id":"gol_1","title":"Renew","lifecycle":"active","health":"at_risk","lifecycle_version":3}}`)
			var told []string
			who := func(context.Context) (attrove.Caller, error) {
				return attrove.Caller{UserID: "ann", Key: "sk_ann"}, nil
			}
			g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, who,
				gate.WithChanges(func(user string) { told = append(told, user) }))
			result, _ := call(t, g, c.r)
			assert.Equal(t, c.status != 200, result.Failed(), "%s", result.Structured)
			assert.Equal(t, c.told, told)
		})
	}
}
