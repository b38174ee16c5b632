package local_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

// crashPushes is how many pushes the processes of TestCrashes acknowledge in
// all; crashVariable sets another number.
const (
	crashPushes    = 1500
	crashVariable  = "ATTROVE_TEST_CRASH_PUSHES"
	crashProcesses = 5
	goalEvery      = 20 // pushes; each goal is evaluated at once
)

// handOver is how soon the work of a process that died is done by another: leases are
// of five seconds, and what there is to do takes its time on a busy machine.
const handOver = time.Minute

// workAsChild, told "path first", pushes messages from number first on, and makes and evaluates
// goals, until it is killed. It prints what was acknowledged, a line each.
func workAsChild(order string) error {
	var path string
	var first int
	if _, err := fmt.Sscan(order, &path, &first); err != nil {
		return err
	}
	o := crashOptions(path)
	engine := local.New(o)
	client, err := attrove.NewClient(attrove.ClientOptions{Transport: engine.Transport()})
	if err != nil {
		return err
	}
	ctx := context.Background()
	me, err := engine.LocalCaller(ctx)
	if err != nil {
		return err
	}
	var next atomic.Int64
	next.Store(int64(first))
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			for {
				if err := work(ctx, client, me, int(next.Add(1))); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	return <-errs
}

func crashOptions(path string) local.Options {
	o := options()
	o.Path, o.WebhookTargets, o.Now = path, webhooks.Any, time.Now
	return o
}

func work(ctx context.Context, client *attrove.Client, me attrove.Caller, i int) error {
	pushed, err := valueOf(attrove.PushMessage.Call(ctx, client, me, childMessage(i)))
	if err != nil {
		return err
	}
	fmt.Printf("message %d %s\n", i, pushed.ID)
	if i%goalEvery != 0 {
		return nil
	}
	goal, err := valueOf(attrove.CreateGoal.Call(ctx, client, me, attrove.CreateGoalIn{Title: fmt.Sprint("Goal ", i),
		WatchScope: attrove.WatchScope{Keywords: []string{fmt.Sprint("number", i)}}}))
	if err != nil {
		return err
	}
	fmt.Printf("goal %d %s\n", i, goal.ID)
	run, err := valueOf(attrove.EvaluateGoal.Call(ctx, client, me, attrove.GoalRef{GoalID: goal.ID}))
	if err != nil {
		return err
	}
	fmt.Printf("run %s %s\n", goal.ID, run.RunID)
	return nil
}

func valueOf[Out any](reply attrove.Reply[Out], err error) (Out, error) {
	if err != nil {
		var none Out
		return none, err
	}
	return reply.Value()
}

// acknowledgments are what the processes were told is done.
type acknowledgments struct {
	mu       sync.Mutex
	messages map[int]string
	goals    map[string]bool
	runs     map[string]string // by goal
}

func (a *acknowledgments) note(line string) error {
	kind, rest, _ := strings.Cut(line, " ")
	key, id, ok := strings.Cut(rest, " ")
	if !ok {
		return fmt.Errorf("%q is no acknowledgment", line)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch kind {
	case "message":
		i, err := strconv.Atoi(key)
		if err != nil {
			return err
		}
		a.messages[i] = id
	case "goal":
		a.goals[id] = true
	case "run":
		a.runs[key] = id
	}
	return nil
}

func (a *acknowledgments) pushes() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.messages)
}

// receiver counts deliveries by event.
type receiver struct {
	mu   sync.Mutex
	seen map[string]int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.seen[req.Header.Get("webhook-id")]++
	r.mu.Unlock()
	if rand.IntN(50) == 0 { // the answer is lost, so it comes again
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (r *receiver) has(event string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[event] > 0
}

// TestCrashes kills processes of five on one file at random moments while they
// push, evaluate and deliver. What was acknowledged is there, once; every run
// left one snapshot; every event was delivered at least once.
func TestCrashes(t *testing.T) {
	pushes := crashPushes
	if text := os.Getenv(crashVariable); text != "" {
		var err error
		pushes, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	path := filepath.Join(t.TempDir(), "a.db")
	heard := &receiver{seen: map[string]int{}}
	server := httptest.NewUnstartedServer(heard)
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(server.Close)
	f := start(t, crashOptions(path))
	call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: server.URL, Events: []string{"*"}})
	require.NoError(t, f.engine.Close())

	acked := &acknowledgments{messages: map[int]string{}, goals: map[string]bool{}, runs: map[string]string{}}
	kills := crashRounds(t, path, pushes, acked)
	t.Logf("%d kills during %d pushes, %d goals and %d runs", kills, len(acked.messages), len(acked.goals), len(acked.runs))
	f = start(t, crashOptions(path))
	began := time.Now()
	require.NoError(t, f.engine.Drain(t.Context()))
	assert.Less(t, time.Since(began), handOver, "what the last ones to die had begun")
	f.verifyGoals(t, acked, heard)
	require.NoError(t, f.engine.Close())
	verify(t, path, acked.messages)
}

// crashRounds keeps the processes running, killing one after another, until so
// many pushes are acknowledged, and then kills all.
func crashRounds(t *testing.T, path string, pushes int, acked *acknowledgments) (kills int) {
	t.Helper()
	var readers sync.WaitGroup
	begin := func(first int) *exec.Cmd {
		cmd, lines := child(t, "work", path, strconv.Itoa(first))
		readers.Go(func() {
			for lines.Scan() {
				assert.NoError(t, acked.note(lines.Text()))
			}
		})
		return cmd
	}
	running := make([]*exec.Cmd, crashProcesses)
	first := 0
	for i := range running {
		running[i], first = begin(first), first+1_000_000
	}
	for target := 0; target < pushes; {
		target = min(pushes, acked.pushes()+pushes/40+rand.IntN(pushes/20))
		require.Eventually(t, func() bool { return acked.pushes() >= target }, time.Minute, 5*time.Millisecond)
		i := rand.IntN(len(running))
		require.NoError(t, running[i].Process.Kill())
		running[i], first = begin(first), first+1_000_000
		kills++
	}
	for _, cmd := range running {
		require.NoError(t, cmd.Process.Kill())
	}
	readers.Wait()
	return kills + len(running)
}

// verifyGoals checks goals, runs, snapshots, events and deliveries.
func (f fixture) verifyGoals(t *testing.T, acked *acknowledgments, heard *receiver) {
	t.Helper()
	for goal := range acked.goals {
		call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: goal})
	}
	for goal, run := range acked.runs {
		require.Eventually(t, func() bool {
			got := call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: goal})
			return got.LastRun != nil && got.LastRun.Status == "completed" && got.LastSnapshot != nil
		}, handOver, 5*time.Millisecond, "run %s of %s", run, goal)
	}
	created := map[string]int{}
	in := attrove.GoalEventsIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}}
	for {
		page := call(t, f, attrove.ListGoalEvents, in)
		for _, event := range page.Data {
			if event.EventType == "goals.created" {
				created[event.GoalID]++
			}
			require.Eventually(t, func() bool { return heard.has(event.EventID) }, time.Minute, time.Millisecond,
				"%s %s was never delivered", event.EventType, event.EventID)
		}
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	for goal := range acked.goals {
		assert.Equal(t, 1, created[goal], "goal %s was created once", goal)
	}
}
