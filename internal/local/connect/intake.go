package connect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	maxAttempts  = 5                      // of an import that never ends; it may be what ends processes
	noteInterval = 500 * time.Millisecond // between two notes on how far an import has come
	maxProblems  = 10                     // that a result keeps
)

// handle is the queue's jobs.Handler.
func (s *Server) handle(ctx context.Context, owner string, jobs []store.Job) {
	for _, job := range jobs {
		if err := s.work(ctx, owner, job); err != nil && !errors.Is(err, store.ErrLeaseLost) {
			s.o.Log.Error().Err(err).Str("connect", job.Lane).Msg("cannot finish an import")
		}
	}
}

// work does one job. One that is interrupted is given back as if it had not been
// claimed.
func (s *Server) work(ctx context.Context, owner string, job store.Job) error {
	err := s.attempt(ctx, owner, job)
	if ctx.Err() != nil {
		return s.o.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.Release(job, owner) })
	}
	return err
}

// attempt imports the file of a job, and says how that ended in the transaction
// that finishes the job.
func (s *Server) attempt(ctx context.Context, owner string, job store.Job) error {
	c, err := s.o.Store.Connect(ctx, job.Lane)
	if err != nil {
		return err
	}
	var result store.ConnectResult
	failure := errGivenUp
	if job.Attempts <= maxAttempts {
		result, failure = s.run(ctx, c)
	}
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error { // not begun once the context has ended
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		if failure != nil {
			return tx.FailConnect(c.ID, s.explain(c, failure))
		}
		return tx.Connected(c, result, s.o.Now())
	})
	if err == nil {
		s.dir.remove(c.Upload)
	}
	return err
}

var (
	errGivenUp = errors.New("the import was begun several times and never finished")
	errNothing = errors.New("nothing of it could be imported")
)

// explain says why an import failed, for the person who handed the file over:
// without the place where it lay.
func (s *Server) explain(c store.Connect, err error) string {
	var stopped *importer.StoppedError
	if errors.As(err, &stopped) {
		err = stopped.Cause
	}
	var other *importer.NotImportableError
	if errors.As(err, &other) {
		return fmt.Sprintf("%s cannot be imported: %s.", filepath.Base(other.Path), other.Why)
	}
	return strings.ReplaceAll(err.Error(), s.dir.path(c.Upload)+string(filepath.Separator), "")
}

// run imports the file and waits until all of it can be found.
func (s *Server) run(ctx context.Context, c store.Connect) (store.ConnectResult, error) {
	user, err := s.o.Store.User(ctx, c.UserID)
	if err != nil {
		return store.ConnectResult{}, err
	}
	file, err := s.dir.file(c.Upload)
	if err != nil {
		return store.ConnectResult{}, errors.New("the file is not there any more")
	}
	before, err := s.o.Store.Unstored(ctx, user.ID)
	if err != nil {
		return store.ConnectResult{}, err
	}
	notes := s.take(ctx, c)
	defer notes.end()
	sum, err := importer.Run(ctx, importer.Options{
		Paths: []string{file}, Push: s.o.Push(user), Target: user.ID, StateDir: filepath.Join(s.dir.path(c.Upload), "state"),
		Reporter: notes, Me: user.Addresses, Zone: user.Location(), Now: time.Now,
		Concurrency: importer.EngineConcurrency,
	})
	if err != nil {
		return store.ConnectResult{}, err
	}
	result := resultOf(sum)
	if sum.Failed > 0 && sum.Failed == sum.Found() {
		return result, fmt.Errorf("%w: %s", errNothing, strings.Join(result.Problems[:min(1, len(result.Problems))], ""))
	}
	notes.index()
	if err := s.o.Drain(ctx, user.ID); err != nil {
		return result, fmt.Errorf("index what was imported: %w", err)
	}
	after, err := s.o.Store.Unstored(ctx, user.ID)
	if err != nil {
		return result, err
	}
	leave(&result.LeftOut, &result.Imported, after.Skipped-before.Skipped)
	leave(&result.Failed, &result.Imported, after.Failed-before.Failed)
	// Users of a partner have said who they are when they were created.
	_, err = s.o.Store.ProposeMe(ctx, user.ID, sum.Me.Me, s.o.Now())
	return result, err
}

// leave counts n messages that were taken for imported elsewhere.
func leave(to, imported *int, n int) {
	n = min(max(n, 0), *imported)
	*to += n
	*imported -= n
}

func resultOf(sum importer.Summary) store.ConnectResult {
	r := store.ConnectResult{Messages: sum.Found(), Imported: sum.New() + sum.Known, LeftOut: sum.LeftOut(), Failed: sum.Failed, Sources: sum.Sources}
	if !sum.First.IsZero() {
		r.First, r.Last = sum.First.UTC(), sum.Last.UTC()
	}
	for _, p := range sum.Problems[:min(len(sum.Problems), maxProblems)] {
		p.Path = filepath.Base(p.Path)
		r.Problems = append(r.Problems, p.String())
	}
	return r
}

// notebook keeps how far an import has come where every process can read it.
type notebook struct {
	server  *Server
	connect store.Connect
	cancel  context.CancelFunc
	ended   sync.WaitGroup

	mu       sync.Mutex
	now      store.ConnectProgress
	indexing bool
}

// phaseIndexing comes after the importer's own.
const phaseIndexing importer.Phase = "indexing"

// take returns a notebook that is written until it is ended.
func (s *Server) take(ctx context.Context, c store.Connect) *notebook {
	ctx, cancel := context.WithCancel(ctx)
	n := &notebook{server: s, connect: c, cancel: cancel}
	n.ended.Go(func() {
		tick := time.NewTicker(noteInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				n.write(ctx)
			}
		}
	})
	return n
}

func (n *notebook) end() {
	n.cancel()
	n.ended.Wait()
}

// Progress implements importer.Reporter.
func (n *notebook) Progress(p importer.Progress) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.now = store.ConnectProgress{Phase: string(p.Phase), Messages: p.Items, Done: p.Done, Total: p.Total}
}

// Note implements importer.Reporter; the problems are in the summary.
func (*notebook) Note(string) {}

// index says that all is imported and has to be indexed.
func (n *notebook) index() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.indexing = true
	n.now = store.ConnectProgress{Phase: string(phaseIndexing)}
}

// write keeps the newest note. A note that cannot be kept is no reason to stop.
func (n *notebook) write(ctx context.Context) {
	const most = 10_000_000
	n.mu.Lock()
	now, indexing := n.now, n.indexing
	n.mu.Unlock()
	if indexing {
		pending, err := n.server.o.Store.Pending(ctx, store.QueueIngest, n.connect.UserID, most)
		if err != nil {
			return
		}
		n.mu.Lock()
		n.now.Total = cmp.Or(n.now.Total, int64(pending))
		n.now.Done = max(0, n.now.Total-int64(pending))
		now = n.now
		n.mu.Unlock()
	}
	if err := n.server.o.Store.NoteConnect(ctx, n.connect.ID, now); err != nil && ctx.Err() == nil {
		n.server.o.Log.Warn().Err(err).Str("connect", n.connect.ID).Msg("cannot note the progress of an import")
	}
}
