package local

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// summaryJob says how a meeting's summary is to be written.
type summaryJob struct {
	Anew bool `json:"anew"` // over what is there, and not only where nothing is
	Cut  bool `json:"cut"`  // not at all: only its passages are cut as they are now (migration 015)
}

// summarizer writes summaries of meetings from their transcripts.
type summarizer struct {
	store  *store.Store
	reader digest.Reader
	now    func() time.Time
	log    zerolog.Logger
}

func newSummarizer(s *store.Store, o Options) *summarizer {
	return &summarizer{store: s, reader: digest.NewReader(), now: o.Now, log: o.Log}
}

// handle is the queue's jobs.Handler.
func (z *summarizer) handle(ctx context.Context, owner string, jobs []store.Job) {
	for _, job := range jobs {
		if ctx.Err() != nil {
			return // the leases run out
		}
		err := z.summarize(ctx, owner, job)
		if err == nil || errors.Is(err, store.ErrLeaseLost) {
			continue
		}
		z.log.Error().Err(err).Str("meeting", job.Lane).Int("attempt", job.Attempts).Msg("cannot summarize a meeting")
		err = z.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			if job.Attempts >= maxAttempts {
				return tx.Finish(job, owner)
			}
			return tx.Postpone(job, owner, time.Now().Add(time.Duration(job.Attempts)*time.Second))
		})
		if err != nil && !errors.Is(err, store.ErrLeaseLost) {
			z.log.Error().Err(err).Str("meeting", job.Lane).Msg("cannot postpone a summary")
		}
	}
}

var errTranscriptChanged = errors.New("the transcript was replaced meanwhile")

// summarize does one job. The reading, which takes long, is done outside of the
// transaction that keeps its outcome.
func (z *summarizer) summarize(ctx context.Context, owner string, job store.Job) error {
	var how summaryJob
	if err := json.Unmarshal(job.Payload, &how); err != nil {
		return err
	}
	if how.Cut {
		return z.cut(ctx, owner, job)
	}
	user, err := z.store.User(ctx, job.UserID)
	if err != nil {
		return err
	}
	meeting, err := z.store.Meeting(ctx, job.UserID, job.Lane)
	gone := errors.Is(err, store.ErrNotFound) || err == nil && strings.TrimSpace(meeting.Transcript) == "" // archived, or pushed again without
	if err != nil && !gone {
		return err
	}
	meeting.StartAt = meeting.StartAt.In(user.Location()) // "by Friday" is theirs
	minutes := z.reader.Minutes(speech.NewSelf(user), meeting)
	return z.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.Finish(job, owner); err != nil || gone {
			return err
		}
		m, err := tx.Meeting(job.UserID, job.Lane)
		if errors.Is(err, store.ErrNotFound) {
			return nil // archived meanwhile
		}
		if err != nil {
			return err
		}
		if m.Transcript != meeting.Transcript {
			return errTranscriptChanged
		}
		if err := rewrite(tx, m, how.apply(m, minutes), z.now()); err != nil {
			return err
		}
		return tx.Publish(store.Publication{EventID: store.NewID(eventPrefix), Type: attrove.EventSummaryReady, UserID: m.UserID,
			At: z.now(), Data: encode(map[string]string{"meeting_id": m.ID})})
	})
}

// cut puts a meeting's passages in the place of those that an older program cut.
func (z *summarizer) cut(ctx context.Context, owner string, job store.Job) error {
	return z.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		m, err := tx.Meeting(job.UserID, job.Lane)
		if errors.Is(err, store.ErrNotFound) {
			return nil // archived meanwhile
		}
		if err != nil {
			return err
		}
		return tx.SetPassages(m.UserID, m.ID, index.CutMeeting(m))
	})
}

// apply puts minutes into a meeting.
func (how summaryJob) apply(m store.Meeting, minutes digest.Minutes) store.Meeting {
	if how.Anew || m.Summary == "" {
		m.Summary = minutes.Summary
	}
	if how.Anew || m.ShortSummary == "" {
		m.ShortSummary = minutes.ShortSummary
	}
	if how.Anew || len(m.ActionItems) == 0 {
		m.ActionItems = minutes.ActionItems
	}
	return m
}
