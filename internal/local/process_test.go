package local_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// childEnv makes the test binary a process that does as it says: a word and what
// goes with it.
const childEnv = "ATTROVE_TEST_CHILD"

func TestMain(m *testing.M) {
	order, given := os.LookupEnv(childEnv)
	if !given {
		os.Exit(m.Run())
	}
	word, rest, _ := strings.Cut(order, " ")
	if err := map[string]func(string) error{"push": pushAsChild, "work": workAsChild}[word](rest); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pushAsChild, told "path first count", pushes messages, four at a time, and prints the number and id of
// each once it is accepted.
func pushAsChild(order string) error {
	var path string
	var first, count int
	if _, err := fmt.Sscan(order, &path, &first, &count); err != nil {
		return err
	}
	o := options()
	o.Path = path
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
	errs := make([]error, 4)
	var group sync.WaitGroup
	for worker := range errs {
		group.Go(func() {
			for i := first + worker; i < first+count; i += len(errs) {
				reply, err := attrove.PushMessage.Call(ctx, client, me, childMessage(i))
				if err != nil {
					errs[worker] = err
					return
				}
				receipt, err := reply.Value()
				if err != nil {
					errs[worker] = err
					return
				}
				fmt.Printf("%d %s\n", i, receipt.ID) // one write, so lines stay whole
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return engine.Close()
}

func childMessage(i int) attrove.PushMessageIn {
	in := benchMessage(i)
	in.BodyText = fmt.Sprintf("body of number%d %s", i, words(i, 40))
	return in
}

// child starts a process that does as told.
func child(t *testing.T, order ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join(order, " "))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

// acknowledged reads a line of a child.
func acknowledged(t *testing.T, line string) (int, string) {
	t.Helper()
	number, id, ok := strings.Cut(line, " ")
	i, err := strconv.Atoi(number)
	require.True(t, ok && err == nil, line)
	return i, id
}

// verify checks that what was acknowledged is there, once, and searchable, and
// that nothing else of the queue is left.
func verify(t *testing.T, path string, ids map[int]string) {
	t.Helper()
	o := options()
	o.Path = path
	f := start(t, o)
	require.NoError(t, f.engine.Drain(t.Context()))
	for i, id := range ids {
		m := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: id})
		assert.EqualValues(t, childMessage(i).BodyText, m.BodyText)
	}
	seen := map[string]bool{}
	in := attrove.MessagesIn{Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: 100}}
	for {
		page := call(t, f, attrove.ListMessages, in)
		for _, m := range page.Data {
			key := strings.Fields(string(m.BodyText))[2]
			assert.False(t, seen[key], "%s is there twice", key)
			seen[key] = true
		}
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.Equal(t, len(seen), stats.Totals.Messages)
	require.Len(t, stats.Integrations, 1)
	assert.Zero(t, stats.Integrations[0].Pending)
	assert.Zero(t, stats.Integrations[0].Failed)
	require.NoError(t, f.engine.Close())

	s, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, s.CheckIndex(t.Context()))
	require.NoError(t, s.Close())
}

func TestKilledProcessesLoseNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	ids := map[int]string{}
	for round := range 5 {
		first := 60 * round // a part of what the round before pushed is pushed again
		cmd, lines := child(t, "push", path, strconv.Itoa(first), "10000")
		for last := 20 + rand.IntN(120); last > 0 && lines.Scan(); last-- {
			i, id := acknowledged(t, lines.Text())
			if known, again := ids[i]; again {
				assert.Equal(t, known, id, "the same external id is the same item")
			}
			ids[i] = id
		}
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait())
	}
	verify(t, path, ids)
}

func TestSeveralProcessesFromTheFirstOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	const processes, each = 4, 60
	ids := map[int]string{}
	exits := make(chan error, processes)
	var mu sync.Mutex
	var group sync.WaitGroup
	for p := range processes {
		cmd, lines := child(t, "push", path, strconv.Itoa(p*each/2), strconv.Itoa(each)) // half of it is another's too
		group.Go(func() {
			for lines.Scan() {
				i, id := acknowledged(t, lines.Text())
				mu.Lock()
				if known, again := ids[i]; again {
					assert.Equal(t, known, id)
				}
				ids[i] = id
				mu.Unlock()
			}
			exits <- cmd.Wait()
		})
	}
	group.Wait()
	for range processes {
		require.NoError(t, <-exits)
	}
	assert.Len(t, ids, (processes+1)*each/2)
	verify(t, path, ids)
}

func TestReadersAndWritersAtOnce(t *testing.T) {
	for name, path := range map[string]string{"memory": "", "file": filepath.Join(t.TempDir(), "a.db")} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Path = path
			f := start(t, o)
			errs := make(chan error, 32*8)
			var group sync.WaitGroup
			for worker := range 32 {
				group.Go(func() {
					for i := range 8 {
						errs <- f.use(t.Context(), worker, i)
					}
				})
			}
			group.Wait()
			close(errs)
			for err := range errs {
				require.NoError(t, err)
			}
			require.NoError(t, f.engine.Drain(t.Context()))
			assert.Equal(t, 16*8, call(t, f, attrove.GetSyncStats, attrove.None{}).Totals.Messages)
		})
	}
}

// TestCloseDuringRequests: who comes too late is told to come again.
func TestCloseDuringRequests(t *testing.T) {
	for name, path := range map[string]string{"memory": "", "file": filepath.Join(t.TempDir(), "a.db")} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Path = path
			f := start(t, o)
			requests := [][3]string{{"GET", "goals"}, {"GET", "messages"}, {"POST", "search", `{"query":"renewal"}`},
				{"POST", "messages", `{"source":"email","body_text":"The renewal."}`}}
			ends := make(chan int, 4*len(requests))
			var group sync.WaitGroup
			for i := range cap(ends) {
				group.Go(func() {
					r, status := requests[i%len(requests)], http.StatusOK
					for status < http.StatusMultipleChoices {
						status = send(t, f, r[0], "/v1/users/{me}/"+r[1], r[2]).status
					}
					ends <- status
				})
			}
			require.NoError(t, f.engine.Drain(t.Context()))
			require.NoError(t, f.engine.Close())
			group.Wait()
			close(ends)
			for status := range ends {
				assert.Equal(t, http.StatusServiceUnavailable, status)
			}
		})
	}
}

// use pushes, has a goal evaluated, searches or lists, as it is the worker's part.
func (f fixture) use(ctx context.Context, worker, i int) (err error) {
	switch worker % 8 {
	case 0, 1, 2, 3:
		_, err = attrove.PushMessage.Call(ctx, f.client, f.me, childMessage(worker*100+i))
	case 4:
		var goal attrove.Goal
		goal, err = valueOf(attrove.CreateGoal.Call(ctx, f.client, f.me, attrove.CreateGoalIn{Title: "Budget", WatchScope: attrove.WatchScope{Keywords: []string{"budget"}}}))
		if err == nil {
			_, err = attrove.EvaluateGoal.Call(ctx, f.client, f.me, attrove.GoalRef{GoalID: goal.ID})
		}
	case 5:
		_, err = attrove.ListGoals.Call(ctx, f.client, f.me, attrove.GoalsIn{})
	case 6:
		_, err = attrove.Search.Call(ctx, f.client, f.me, attrove.SearchIn{Query: "renewal budget"})
	default:
		_, err = attrove.ListMessages.Call(ctx, f.client, f.me, attrove.MessagesIn{})
	}
	return err
}
