package goals_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/store/storetest"
)

// BenchmarkEvaluate evaluates goals of each kind of scope over mailboxes of
// growing size. BENCH_MESSAGES adds one of so many messages, such as 1000000.
func BenchmarkEvaluate(b *testing.B) {
	sizes := []int{3_600, 60_000}
	if more, err := strconv.Atoi(os.Getenv("BENCH_MESSAGES")); err == nil {
		sizes = append(sizes, more)
	}
	for _, n := range sizes {
		begun := time.Now()
		f := storetest.Fill(b, n)
		built := time.Since(begun)
		s, err := store.Open(b.Context(), f.Path)
		require.NoError(b, err)
		file, err := os.Stat(f.Path)
		require.NoError(b, err)
		b.Logf("%d messages: built in %.1f s, %d MB", n, built.Seconds(), file.Size()>>20)
		e := goals.New(s, index.New(s))
		customer := f.Customers[7]
		for name, scope := range map[string]attrove.WatchScope{
			"name":    {Keywords: []string{customer.Name}},
			"entity":  {EntityIDs: []string{customer.Entity}},
			"common":  {Keywords: []string{"renewal"}},
			"seed":    {SeedQuery: customer.Name + " renewal contract"},
			"myself":  {EntityIDs: []string{"ent_me"}},
			"several": {EntityIDs: []string{customer.Entity, f.Customers[8].Entity}, Keywords: []string{customer.Name, "renewal", "seats"}, SeedQuery: "renewal of the plan"},
		} {
			scope.SilenceCondition = &attrove.SilenceCondition{QuietAfterDays: 5}
			g := store.Goal{ID: "gol_1", UserID: f.User.ID, Title: customer.Name + " renewal", Scope: scope, Lifecycle: attrove.LifecycleActive, CreatedAt: f.Now}
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					_, err := e.Evaluate(b.Context(), f.User, g, f.Now)
					require.NoError(b, err)
				}
			})
		}
		require.NoError(b, s.Close())
	}
}

// BenchmarkWatch is what storing an item costs more while goals are watched.
func BenchmarkWatch(b *testing.B) {
	var watched []store.Goal
	for i := range 50 {
		watched = append(watched, store.Goal{ID: fmt.Sprintf("gol_%d", i), Scope: attrove.WatchScope{Keywords: []string{fmt.Sprintf("Globex%d", i), "order form"}, SeedQuery: "renewal of the contract"}})
	}
	w := goals.NewWatch(watched, nil)
	m := letter("2026-11-17 09:00", dana, sam, "Seats", "Can you confirm the number of seats by Monday? Our side has a board meeting on Tuesday, and without the number nobody will sign the order.")
	b.ReportAllocs()
	for b.Loop() {
		w.Goals(store.KindMessage, m.SentAt, store.Event{Attendees: append(m.Recipients, dana)}.Participants(), m.Subject, m.BodyText)
	}
}
