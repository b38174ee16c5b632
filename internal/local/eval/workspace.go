package eval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local"
)

// workspace is an engine in memory that is filled and asked through its API.
type workspace struct {
	engine *local.Engine
	client *attrove.Client
	user   attrove.Caller
}

func newWorkspace(ctx context.Context) (*workspace, error) {
	w := &workspace{engine: local.New(local.Options{Log: zerolog.Nop()})}
	var err error
	if w.client, err = attrove.NewClient(attrove.ClientOptions{Transport: w.engine.Transport(), Ours: true}); err == nil {
		w.user, err = w.engine.LocalCaller(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, w.engine.Close())
	}
	return w, nil
}

func (w *workspace) close() error { return w.engine.Close() }

// load imports files and waits until all of them can be found.
func (w *workspace) load(ctx context.Context, paths ...string) (err error) {
	state, err := os.MkdirTemp("", "eval")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(state)) }()
	push, err := w.engine.Pusher(ctx)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	_, err = importer.Run(ctx, importer.Options{
		Paths: paths, Push: push, Target: w.user.UserID, StateDir: state,
		Concurrency: importer.EngineConcurrency, Now: time.Now,
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return w.engine.Drain(ctx)
}

// push pushes mail and transcripts, and waits until all of them can be found. It
// returns their names by the ids that they get.
func (w *workspace) push(ctx context.Context, docs []document) (map[string]string, error) {
	names := map[string]string{}
	for _, d := range docs {
		receipt, err := w.pushOne(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("push %s: %w", d.name, err)
		}
		names[receipt.ID] = d.name
	}
	return names, w.engine.Drain(ctx)
}

func (w *workspace) pushOne(ctx context.Context, d document) (attrove.PushReceipt, error) {
	if d.message == nil {
		return ask(ctx, w, attrove.PushMeeting, attrove.PushMeetingIn{
			Title: d.meeting.Title, StartTime: attrove.DateTime(time.Unix(0, 0).UTC().Format(time.RFC3339)),
			Transcript: d.meeting.Transcript, ExternalID: d.name,
		})
	}
	m := d.message
	in := attrove.PushMessageIn{
		Source: m.Source, Subject: m.Subject, SenderName: m.SenderName, SenderEmail: m.SenderEmail, BodyText: m.BodyText,
		SentAt: attrove.DateTime(m.SentAt.UTC().Format(time.RFC3339)), ExternalID: d.name, Metadata: attrove.Object{attrove.MetaQuotedText: m.QuotedText},
	}
	for _, p := range m.Recipients {
		in.Recipients = append(in.Recipients, attrove.Address{Name: p.Name, Email: p.Email})
	}
	return ask(ctx, w, attrove.PushMessage, in)
}

// people returns the entity that each address belongs to.
func (w *workspace) people(ctx context.Context) (map[string]string, error) {
	of := map[string]string{}
	for in := (attrove.EntitiesIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}}); ; {
		page, err := ask(ctx, w, attrove.ListEntities, in)
		if err != nil {
			return nil, fmt.Errorf("list entities: %w", err)
		}
		for _, e := range page.Data {
			for _, address := range e.ExternalIDs {
				of[string(address)] = e.ID
			}
		}
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			return of, nil
		}
	}
}

// ask calls an operation for the workspace's user.
func ask[In, Out any](ctx context.Context, w *workspace, op attrove.Operation[In, Out], in In) (Out, error) {
	reply, err := op.Call(ctx, w.client, w.user, in)
	if err != nil {
		var none Out
		return none, err
	}
	return reply.Value()
}
