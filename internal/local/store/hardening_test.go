package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManyReadAndWriteAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	mine, theirs := openTest(t, path), openTest(t, path) // as two processes have it
	u := newUser(t, mine)
	var group sync.WaitGroup
	errs := make(chan error, 64)
	for worker := range 32 {
		s := mine
		if worker%2 == 1 {
			s = theirs
		}
		group.Go(func() {
			for i := range 20 {
				errs <- s.Write(t.Context(), func(tx *Tx) error {
					_, err := tx.Accept(Push{UserID: u.ID, Kind: KindNote, Provider: "note", Payload: []byte("{}"), At: testTime, RunAt: testTime,
						ExternalID: fmt.Sprintf("%d-%d", worker, i)})
					return err
				})
				_, err := s.Integrations(t.Context(), u.ID)
				errs <- err
			}
		})
	}
	go func() { group.Wait(); close(errs) }()
	for err := range errs {
		require.NoError(t, err)
	}
	n, err := mine.Pending(t.Context(), QueueIngest, u.ID, 1000)
	require.NoError(t, err)
	assert.Equal(t, 32*20, n)
	all, err := theirs.Integrations(t.Context(), u.ID)
	require.NoError(t, err)
	require.Len(t, all, 1, "one integration, whoever came first")
	assert.Equal(t, 32*20, all[0].Pending)
}

func TestFullDiskLosesNothing(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	u := newUser(t, s)
	push := func(id string, size int) error {
		return s.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.Accept(Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: id, At: testTime, RunAt: testTime,
				Payload: []byte(strings.Repeat("x", size))})
			return err
		})
	}
	require.NoError(t, push("before", 10))
	pages, err := one(t.Context(), s, scalar[int], "PRAGMA page_count")
	require.NoError(t, err)
	limit := func(pages int) {
		_, err := s.writer.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		require.NoError(t, err)
	}
	limit(pages + 8)
	require.ErrorIs(t, push("large", 1<<20), ErrFull)
	require.NoError(t, push("small", 10), "what still fits is taken")
	limit(1 << 30)
	require.NoError(t, push("large", 1<<20), "and the rest when there is room again")

	n, err := s.Pending(t.Context(), QueueIngest, u.ID, 10)
	require.NoError(t, err)
	assert.Equal(t, 3, n)
}

func TestVersionChangesWithEveryWrite(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		before, err := s.Version(t.Context())
		require.NoError(t, err)
		same, err := s.Version(t.Context())
		require.NoError(t, err)
		assert.Equal(t, before, same)
		newUser(t, s)
		after, err := s.Version(t.Context())
		require.NoError(t, err)
		assert.NotEqual(t, before, after)
	})
}

func TestVersionSeesOtherProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	mine, theirs := openTest(t, path), openTest(t, path)
	before, err := mine.Version(t.Context())
	require.NoError(t, err)
	newUser(t, theirs)
	after, err := mine.Version(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, before, after)
}

func TestClosedStoreSaysSo(t *testing.T) {
	s, err := Open(t.Context(), "")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Write(t.Context(), func(*Tx) error { return nil }), ErrClosed)
	_, err = s.Settings(t.Context())
	require.ErrorIs(t, err, ErrClosed)
	_, err = s.Version(t.Context())
	assert.ErrorIs(t, err, ErrClosed)
}

func TestQueue(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u := newUser(t, s)
		first := accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "a", Payload: []byte("1")})
		accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "a", Payload: []byte("2")})
		second := accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "b", Payload: []byte("3")})
		claim := func(owner string, at time.Time) []Job {
			jobs, err := s.Claim(t.Context(), Claim{Queue: QueueIngest, Owner: owner, Due: at, Now: at, Until: at.Add(5 * time.Second), Limit: 10})
			require.NoError(t, err)
			return jobs
		}
		finish := func(job Job, owner string) error {
			return s.Write(t.Context(), func(tx *Tx) error { return tx.Finish(job, owner) })
		}

		mine := claim("me", testTime)
		require.Len(t, mine, 2, "the second push of an item waits for the first")
		assert.Equal(t, []string{first.ID, second.ID}, []string{mine[0].Lane, mine[1].Lane})
		assert.Equal(t, "1", string(mine[0].Payload))
		it, err := s.Item(t.Context(), u.ID, first.ID)
		require.NoError(t, err)
		assert.Equal(t, "processing", it.Status)
		assert.Empty(t, claim("you", testTime.Add(4*time.Second)), "they are leased")

		require.NoError(t, s.Extend(t.Context(), "me", mine, testTime.Add(20*time.Second)))
		assert.Empty(t, claim("you", testTime.Add(10*time.Second)), "and the lease goes on")
		yours := claim("you", testTime.Add(20*time.Second))
		require.Len(t, yours, 1, "a job that was begun before comes alone")
		assert.Equal(t, 2, yours[0].Attempts)
		require.ErrorIs(t, finish(mine[0], "me"), ErrLeaseLost)
		require.NoError(t, finish(yours[0], "you"))
		require.ErrorIs(t, finish(yours[0], "you"), ErrLeaseLost, "once is enough")

		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.Postpone(mine[1], "me", testTime.Add(time.Hour)) }))
		now := claim("you", testTime.Add(21*time.Second))
		require.Len(t, now, 1)
		assert.Equal(t, "2", string(now[0].Payload))
		require.NoError(t, finish(now[0], "you"))
		assert.Empty(t, claim("you", testTime.Add(time.Minute)))
		assert.Len(t, claim("you", testTime.Add(2*time.Hour)), 1)
	})
}

// TestLeasesOnOtherJobsRunOut: a worker that could not end a job and goes on to
// others must not keep it from everybody.
func TestLeasesOnOtherJobsRunOut(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	for _, id := range []string{"a", "b"} {
		accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: id, Payload: []byte("1")})
	}
	claim := func(owner string, at time.Time) []Job {
		jobs, err := s.Claim(t.Context(), Claim{Queue: QueueIngest, Owner: owner, Due: at, Now: at, Until: at.Add(5 * time.Second), Limit: 10})
		require.NoError(t, err)
		return jobs
	}
	mine := claim("me", testTime)
	require.Len(t, mine, 2)
	require.NoError(t, s.Extend(t.Context(), "me", mine[1:], testTime.Add(20*time.Second)))
	yours := claim("you", testTime.Add(10*time.Second))
	require.Len(t, yours, 1)
	assert.Equal(t, mine[0].Seq, yours[0].Seq)
}

func TestClaimsNoMoreThanFitsInMemory(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	for range 3 {
		accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", Payload: make([]byte, claimBytes/2+1)})
	}
	jobs, err := s.Claim(t.Context(), Claim{Queue: QueueIngest, Owner: "me", Due: testTime, Now: testTime, Until: testTime, Limit: 10})
	require.NoError(t, err)
	assert.Len(t, jobs, 2)
}

func TestRePushIsTheSameItem(t *testing.T) {
	s := openTest(t, "")
	u, other := newUser(t, s), newUser(t, s)
	a := accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "x", Payload: []byte("{}")})
	assert.Equal(t, a.ID, accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "x", Payload: []byte("{}")}).ID)
	assert.NotEqual(t, a.ID, accept(t, s, Push{UserID: u.ID, Kind: KindMessage, Provider: "email", ExternalID: "x", Payload: []byte("{}")}).ID)
	assert.NotEqual(t, a.ID, accept(t, s, Push{UserID: other.ID, Kind: KindNote, Provider: "note", ExternalID: "x", Payload: []byte("{}")}).ID)
	none := Push{UserID: u.ID, Kind: KindNote, Provider: "note", Payload: []byte("{}")}
	one := accept(t, s, none).ID
	assert.NotEqual(t, one, accept(t, s, none).ID)
}

func TestPassagesLeaveTheIndexInACascade(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	m := saveMessage(t, s, u, Message{ID: "1", SentAt: testTime, BodyText: "unrepeatable"}, ThreadKeys{})
	m.BodyText = "replaced"
	saveMessage(t, s, u, Message{ID: "1", SentAt: testTime, BodyText: "replaced"}, ThreadKeys{})
	query := PassageQuery{UserID: u.ID, Match: `"unrepeatable"`, Weights: Weights{1, 1, 1}, Limit: 10}
	hits, err := s.Passages(t.Context(), query)
	require.NoError(t, err)
	assert.Empty(t, hits)

	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.exec("DELETE FROM users WHERE id = ?", u.ID) }))
	query.Match = `"replaced"`
	hits, err = s.Passages(t.Context(), query)
	require.NoError(t, err)
	assert.Empty(t, hits)
	require.NoError(t, s.CheckIndex(t.Context()))
}

func TestErrorsKeepTheirReason(t *testing.T) {
	s := openTest(t, "")
	err := s.CreateUser(t.Context(), User{ID: "1", Email: "a@b.org"}, []byte("a"))
	require.NoError(t, err)
	err = s.CreateUser(t.Context(), User{ID: "2", Email: "A@B.org"}, []byte("b"))
	require.ErrorIs(t, err, ErrExists)
	_, err = s.UserByKey(t.Context(), []byte("c"))
	require.ErrorIs(t, err, ErrNotFound)
}

func TestOlderPushDoesNotHideThatANewerOneWaits(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	push := Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "x", Payload: []byte("{}")}
	id := accept(t, s, push).ID
	claim := func() Job {
		jobs, err := s.Claim(t.Context(), Claim{Queue: QueueIngest, Owner: "me", Due: testTime, Now: testTime, Until: testTime.Add(time.Second), Limit: 10})
		require.NoError(t, err)
		require.Len(t, jobs, 1)
		return jobs[0]
	}
	end := func(job Job, with func(*Tx) error) Item {
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
			if err := tx.Finish(job, "me"); err != nil {
				return err
			}
			return with(tx)
		}))
		it, err := s.Item(t.Context(), u.ID, id)
		require.NoError(t, err)
		return it
	}
	indexed := func(tx *Tx) error { return tx.Indexed(id, testTime) }
	failed := func(tx *Tx) error { return tx.Failed(id, "on purpose") }

	first := claim()
	accept(t, s, push)
	it := end(first, indexed)
	assert.Equal(t, "queued", it.Status)
	assert.Equal(t, testTime, it.IndexedAt, "though the older one can be found")
	second := claim()
	accept(t, s, push)
	it = end(second, failed)
	assert.Equal(t, "queued", it.Status)
	assert.Empty(t, it.Error)
	assert.Equal(t, "indexed", end(claim(), indexed).Status)
}

// TestPlans keeps the queries that run with every call, or through a whole
// import, from reading all that there is.
func TestPlans(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	plan := func(query string, args ...any) string {
		steps, err := collect(t.Context(), s, func(rows *sql.Rows) (step string, err error) {
			var id, parent, unused int
			return step, rows.Scan(&id, &parent, &unused, &step)
		}, "EXPLAIN QUERY PLAN "+query, args...)
		require.NoError(t, err)
		return strings.Join(steps, "\n")
	}
	assert.Contains(t, plan(integrationQuery+"n.user_id = ?", u.ID), "COVERING INDEX items_open", "sync statistics, and each search")
	assert.NotContains(t, plan("SELECT seq"+runnable+" ORDER BY seq LIMIT 1", QueueIngest, 0, 0), "TEMP B-TREE", "a claim")
	assert.NotContains(t, plan(allMessages, u.ID, "", 1), "TEMP B-TREE", "each page of an export")
	var where conditions
	where.add("m.user_id = ?", u.ID)
	where.domains("m.sender_domain", []string{"acme.com"})
	list := plan(messageQuery+where.String()+" ORDER BY m.sent_at DESC, m.id DESC LIMIT 1", where.args...)
	assert.Contains(t, list, "messages_time")
	assert.NotContains(t, list, "TEMP B-TREE")

	var filters conditions
	filters.add("p.user_id = ?", u.ID)
	filters.equal("p.kind", "message")
	filters.period("p.at", testTime, testTime)
	query := matchQuery(filters)
	assert.Regexp(t, `SCAN f VIRTUAL TABLE .*\nSEARCH p USING INTEGER PRIMARY KEY`, plan(query, append([]any{1, 1, 1, "x"}, append(filters.args, 1)...)...),
		"the words come first, whatever the period")
}

func TestReleasedJobsWereNotTried(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	accept(t, s, Push{UserID: u.ID, Kind: KindNote, Provider: "note", Payload: []byte("{}")})
	for range 3 {
		jobs, err := s.Claim(t.Context(), Claim{Queue: QueueIngest, Owner: "me", Due: testTime, Now: testTime, Until: testTime.Add(time.Second), Limit: 1})
		require.NoError(t, err)
		require.Len(t, jobs, 1, "at once, and not when the lease has run out")
		assert.Equal(t, 1, jobs[0].Attempts)
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.Release(jobs[0], "me") }))
	}
}

func TestArchiveTakesWhatWaitsToo(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	push := Push{UserID: u.ID, Kind: KindNote, Provider: "note", ExternalID: "x", Payload: []byte("{}")}
	it := accept(t, s, push)
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		return tx.SaveNote(Note{ID: it.ID, UserID: u.ID, IntegrationID: it.IntegrationID, CreatedAt: testTime, UpdatedAt: testTime}, testTime)
	}))
	accept(t, s, push)
	require.NoError(t, s.Archive(t.Context(), u.ID, KindNote, it.ID, testTime))
	n, err := s.Pending(t.Context(), QueueIngest, u.ID, 10)
	require.NoError(t, err)
	assert.Zero(t, n, "or it would come back by itself")
	all, err := s.Integrations(t.Context(), u.ID)
	require.NoError(t, err)
	assert.Zero(t, all[0].Items+all[0].Pending)
}
