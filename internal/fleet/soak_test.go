package fleet_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// soakVariable says how long to soak: at least 10m tells something about memory.
const soakVariable = "ATTROVE_TEST_SOAK"

// TestSoak: at half of the rate that the fleet can do, with streams that come and
// go, nothing grows.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv(soakVariable))
	if err != nil {
		t.Skip("say how long: ATTROVE_TEST_SOAK=10m")
	}
	f := newFleet(t)
	who := f.user("ann")
	goal := do(f, attrove.CreateGoal, who, attrove.CreateGoalIn{Title: "Renewal", WatchScope: attrove.WatchScope{Keywords: []string{"renewal"}}}).ID
	const workers, notes = 8, 20
	warm := max(length/10, 3*time.Second)
	peak := f.rate(load{who: who, workers: workers, notes: notes}, warm)
	pace := time.NewTicker(time.Duration(2 / peak * float64(time.Second)))
	defer pace.Stop()

	for range 20 {
		f.listen(who, goal)
	}
	f.comeAndGo(who, goal)
	end := f.drive(load{who: who, workers: workers, notes: notes, pace: pace.C})
	began := time.Now()
	series := f.watch(length)
	sum := end()
	t.Logf("peak %.0f calls/s; then %v at %.0f calls/s: %v", peak, length, float64(sum.calls.Load())/time.Since(began).Seconds(), sum)
	assert.Zero(t, sum.failed.Load(), sum.why)
	for _, name := range slices.Sorted(maps.Keys(series)) {
		series[name].judge(t, name)
	}
}

// rate is how many calls a second a load comes to.
func (f *fleet) rate(l load, during time.Duration) float64 {
	f.Helper()
	end := f.drive(l)
	began := time.Now()
	pause(f.Context(), during)
	sum := end()
	require.Zero(f, sum.failed.Load(), sum.why)
	return float64(sum.calls.Load()) / time.Since(began).Seconds()
}

// comeAndGo opens streams and leaves them, until the test ends.
func (f *fleet) comeAndGo(who attrove.Caller, goal string) {
	f.Helper()
	c := f.dial(who)
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(f.Context())
	f.Cleanup(func() {
		cancel()
		<-done
	})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			short, leave := context.WithTimeout(ctx, 100*time.Millisecond)
			_ = c.Listen(short, mcp.SubscriptionFilter{ResourceSubscriptions: []string{"attrove://goals/" + goal}}) // it ends by leaving
			leave()
		}
	}()
}

// samples is how many are taken of each process.
const samples = 90

// watch takes samples of every process.
func (f *fleet) watch(length time.Duration) map[string]series {
	f.Helper()
	all := map[string]series{"api": {}}
	for _, r := range f.replicas {
		all[r.name] = series{}
	}
	every := time.NewTicker(length / samples)
	defer every.Stop()
	for range samples {
		<-every.C
		all["api"].used(f.api)
		for _, r := range f.replicas {
			all[r.name].used(r.process)
			all[r.name].says(r)
		}
	}
	return all
}

// series is what a process used, by what it is, over time.
type series map[string][]float64

// What is watched.
const (
	memory      = "MiB"
	descriptors = "descriptors"
	goroutines  = "goroutines"
	heap        = "MiB of heap at which it collects"
)

// used adds what the system knows of a process.
func (s series) used(p *process) {
	p.Helper()
	proc := fmt.Sprintf("/proc/%d/", p.cmd.Process.Pid)
	statm, err := os.ReadFile(proc + "statm")
	require.NoError(p, err)
	var size, resident int
	_, err = fmt.Sscan(string(statm), &size, &resident)
	require.NoError(p, err)
	files, err := os.ReadDir(proc + "fd")
	require.NoError(p, err)
	s[memory] = append(s[memory], float64(resident*os.Getpagesize())/(1<<20))
	s[descriptors] = append(s[descriptors], float64(len(files)))
}

// says adds what a replica's metrics say.
func (s series) says(r *replica) {
	r.Helper()
	reply, err := http.Get("http://" + r.admin + "/metrics")
	require.NoError(r, err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	require.NoError(r, err)
	for metric, figure := range map[string]struct {
		name string
		unit float64
	}{"go_goroutines": {goroutines, 1}, "go_memstats_next_gc_bytes": {heap, 1 << 20}} {
		found := regexp.MustCompile(`(?m)^` + metric + ` (\S+)$`).FindSubmatch(text)
		require.NotNil(r, found, metric)
		value, err := strconv.ParseFloat(string(found[1]), 64)
		require.NoError(r, err)
		s[figure.name] = append(s[figure.name], value/figure.unit)
	}
}

// judge compares the last third with the one before; in the first, caches fill. It
// may be a twentieth more, and what comes and goes by chance: what of its memory is
// resident depends on when a process last had time to give some back, so that in half
// a minute only 20 KB a call would show; the heap is what it has to be.
func (s series) judge(t *testing.T, name string) {
	t.Helper()
	var says []string
	for _, figure := range []struct {
		name  string
		noise float64
	}{{memory, 16}, {heap, 2}, {goroutines, 15}, {descriptors, 10}} {
		values := s[figure.name]
		if values == nil {
			continue
		}
		third := len(values) / 3
		before, after := median(values[third:2*third]), median(values[2*third:])
		says = append(says, fmt.Sprintf("%.0f then %.0f %s", before, after, figure.name))
		assert.LessOrEqual(t, after, 1.05*before+figure.noise, "%s: %s: %.0f", name, figure.name, values)
	}
	t.Logf("%s: %s", name, strings.Join(says, ", "))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
