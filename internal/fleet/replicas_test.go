package fleet_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// soon is how long a change may take to reach a listener, more often than not: any may
// come late on a busy machine, and fails when it comes never.
const soon = time.Second

// delays are how long changes took to reach a listener.
type delays []time.Duration

func (d delays) median() time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }

// TestThreeReplicas: whichever of them a call reaches, the answer is the same, and
// one that ends takes nothing with it.
func TestThreeReplicas(t *testing.T) {
	f := newFleet(t)
	ann := f.user("ann")
	renewal := attrove.CreateGoalIn{Title: "Renewal", WatchScope: attrove.WatchScope{Keywords: []string{"renewal"}}}
	goal := do(f, attrove.CreateGoal, ann, renewal).ID

	t.Run("a caller's calls land on any", func(t *testing.T) {
		c := f.in(t).dial(ann)
		served := map[string]int{}
		for range 30 {
			c.must("attrove_get_goal_status", map[string]any{"goal_id": goal})
			served[c.servedBy()]++
		}
		t.Log(served)
		assert.Len(t, served, len(f.replicas))
	})
	t.Run("a change through one is heard from another", func(t *testing.T) {
		f := f.in(t)
		l, c := f.listen(ann, goal), f.dial(ann)
		l.settled(f, ann, goal)
		from, _ := l.from()
		through, took := map[string]bool{}, delays{}
		for i := range 2 * len(f.replicas) {
			title := fmt.Sprint("Renewal, draft ", i)
			began := time.Now()
			c.must("attrove_update_goal", map[string]any{"goal_id": goal, "title": title})
			took = append(took, l.sees(title, began))
			through[c.servedBy()] = true
		}
		t.Logf("the stream from %s heard of changes after %v", from, took)
		assert.Less(t, took.median(), soon)
		assert.Len(t, through, len(f.replicas))
	})
	t.Run("a change elsewhere is heard by webhook", func(t *testing.T) {
		f := f.in(t)
		l := f.listen(ann, goal)
		l.settled(f, ann, goal)
		do(f, attrove.UpdateWebhook, attrove.Caller{}, attrove.UpdateWebhookIn{WebhookRef: attrove.WebhookRef{ID: f.webhook.ID}, Enabled: attrove.Some(true)})
		var took delays
		for i := range 3 {
			title := fmt.Sprint("Renewal, copy ", i)
			began := time.Now()
			do(f, attrove.UpdateGoal, ann, attrove.UpdateGoalIn{GoalRef: attrove.GoalRef{GoalID: goal}, Title: attrove.Some(title)})
			took = append(took, l.sees(title, began))
		}
		t.Log(took)
		assert.Less(t, took.median(), soon)
	})
	t.Run("killed", func(t *testing.T) { f.in(t).killed() })
	t.Run("restarted one after the other", func(t *testing.T) { f.in(t).rolled() })
}

// killed: what was under way at the replica that dies fails, and nothing else;
// tried again, it succeeds, and nothing is done twice.
func (f *fleet) killed() {
	f.Helper()
	const workers = 6
	who := f.user("bo")
	end := f.drive(load{who: who, workers: workers, tries: 5})
	victim := f.replicas[1]
	pause(f.Context(), time.Second)
	victim.kill()
	pause(f.Context(), time.Second)
	victim.process = victim.start()
	pause(f.Context(), time.Second)
	sum := end()
	f.Log(sum)
	assert.Greater(f, sum.calls.Load(), int64(100))
	assert.Zero(f, sum.lost.Load(), sum.why)
	assert.LessOrEqual(f, sum.failed.Load(), int64(workers), "more than what was under way: %v", sum.why)
	assert.Equal(f, sum.notes.Load(), f.notes(who))
}

// rolled: nothing fails, though nobody tries anything again, and a listener keeps
// up with changes all the while.
func (f *fleet) rolled() {
	f.Helper()
	who := f.user("cleo")
	goal := do(f, attrove.CreateGoal, who, attrove.CreateGoalIn{Title: "Move", WatchScope: attrove.WatchScope{Keywords: []string{"move"}}}).ID
	l, c := f.listen(who, goal), f.dial(who)
	l.settled(f, who, goal)
	end := f.drive(load{who: who, workers: 6})
	var took delays
	change := func() {
		title := fmt.Sprint("Move, draft ", len(took))
		began := time.Now()
		c.must("attrove_update_goal", map[string]any{"goal_id": goal, "title": title})
		took = append(took, l.sees(title, began))
	}
	for _, r := range f.replicas {
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			r.stop()
		}()
		for ended := false; !ended; {
			change()
			select {
			case <-stopped:
				ended = true
			default:
			}
		}
		r.process = r.start()
		for c.servedBy() != r.name {
			change()
		}
	}
	sum := end()
	_, streams := l.from()
	f.Logf("%v; %d changes, each seen within %v, over %d streams", sum, len(took), slices.Max(took), streams)
	assert.Zero(f, sum.failed.Load(), sum.why)
	assert.Less(f, took.median(), soon)
	assert.Greater(f, streams, 1, "its replica was restarted, too")
	assert.Equal(f, sum.notes.Load(), f.notes(who))
}
