package importer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// To returns a Pusher that pushes through client as who.
func To(client *attrove.Client, who attrove.Caller) Pusher { return clientPusher{client, who} }

type clientPusher struct {
	client *attrove.Client
	who    attrove.Caller
}

// PushMessage implements Pusher.
func (p clientPusher) PushMessage(ctx context.Context, in attrove.PushMessageIn) (attrove.PushReceipt, error) {
	return push(ctx, p, attrove.PushMessage, in)
}

// PushMeeting implements Pusher.
func (p clientPusher) PushMeeting(ctx context.Context, in attrove.PushMeetingIn) (attrove.PushReceipt, error) {
	return push(ctx, p, attrove.PushMeeting, in)
}

// PushEvent implements Pusher.
func (p clientPusher) PushEvent(ctx context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	return push(ctx, p, attrove.PushEvent, in)
}

// PushNote implements Pusher.
func (p clientPusher) PushNote(ctx context.Context, in attrove.PushNoteIn) (attrove.PushReceipt, error) {
	return push(ctx, p, attrove.PushNote, in)
}

func push[In any](ctx context.Context, p clientPusher, op attrove.Operation[In, attrove.PushReceipt], in In) (attrove.PushReceipt, error) {
	reply, err := op.Call(ctx, p.client, p.who, in)
	if err != nil {
		return attrove.PushReceipt{}, err
	}
	return reply.Value()
}

// verdict is what an error of a push means for the import.
type verdict int

const (
	refused verdict = iota // this message will not go; the rest may
	left                   // the organization does not want it
	later                  // the same may go if tried again
	fatal                  // nothing will go until somebody does something
)

func judge(err error) verdict {
	var failure *attrove.Error
	if !errors.As(err, &failure) {
		return fatal
	}
	switch failure.Code {
	case attrove.CodeRateLimited, attrove.CodeNetwork, attrove.CodeTimeout, attrove.CodeUpstream:
		return later
	case attrove.CodeExcluded:
		return left
	case attrove.CodeMissingKey, attrove.CodeStorageFull, attrove.CodeNotImplemented, attrove.CodeCancelled:
		return fatal
	}
	switch {
	case failure.Status == http.StatusUnauthorized, failure.Status == http.StatusForbidden,
		failure.Status == http.StatusPaymentRequired, failure.Status == http.StatusNotFound:
		return fatal // about the caller or the path, not about the message
	case failure.Status >= 500:
		return later
	}
	return refused
}

// A push is tried again, which its external_id makes safe (P-09), before an
// import gives up on it.
const (
	maxRetries   = 4
	firstDelay   = 500 * time.Millisecond
	maxDelay     = 2 * time.Minute
	defaultPause = time.Minute // after 429 without a Retry-After (P-07)
)

func retrying(next Pusher) Pusher {
	policy := retrypolicy.NewBuilder[attrove.PushReceipt]().
		HandleIf(func(_ attrove.PushReceipt, err error) bool { return err != nil && judge(err) == later }).
		WithDelayFunc(func(exec failsafe.ExecutionAttempt[attrove.PushReceipt]) time.Duration {
			return delay(exec.LastError(), exec.Attempts())
		}).
		WithMaxRetries(maxRetries).
		ReturnLastFailure().
		Build()
	return retryPusher{next, failsafe.With(policy)}
}

type retryPusher struct {
	next     Pusher
	executor failsafe.Executor[attrove.PushReceipt]
}

// PushMessage implements Pusher.
func (p retryPusher) PushMessage(ctx context.Context, in attrove.PushMessageIn) (attrove.PushReceipt, error) {
	return again(ctx, p, p.next.PushMessage, in)
}

// PushMeeting implements Pusher.
func (p retryPusher) PushMeeting(ctx context.Context, in attrove.PushMeetingIn) (attrove.PushReceipt, error) {
	return again(ctx, p, p.next.PushMeeting, in)
}

// PushEvent implements Pusher.
func (p retryPusher) PushEvent(ctx context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	return again(ctx, p, p.next.PushEvent, in)
}

// PushNote implements Pusher.
func (p retryPusher) PushNote(ctx context.Context, in attrove.PushNoteIn) (attrove.PushReceipt, error) {
	return again(ctx, p, p.next.PushNote, in)
}

func again[In any](ctx context.Context, p retryPusher, push func(context.Context, In) (attrove.PushReceipt, error), in In) (attrove.PushReceipt, error) {
	receipt, err := push(ctx, in)
	if err == nil {
		return receipt, nil // as nearly always, without what a policy costs
	}
	first := true
	return p.executor.WithContext(ctx).Get(func() (attrove.PushReceipt, error) {
		if first {
			first = false
			return receipt, err
		}
		return push(ctx, in)
	})
}

// delay is how long to wait after a failed attempt: as long as the upstream
// asks, else longer each time, and not all at the same moment.
func delay(err error, attempts int) time.Duration {
	var failure *attrove.Error
	if errors.As(err, &failure) {
		if failure.RetryAfter > 0 {
			return min(failure.RetryAfter, maxDelay)
		}
		if failure.Code == attrove.CodeRateLimited {
			return defaultPause
		}
	}
	wait := firstDelay << max(attempts-1, 0)
	return wait/2 + rand.N(wait/2) //nolint:gosec // it spreads retries, and is no secret
}

// hint says what to do about an error that ends an import.
func hint(err error) error {
	var failure *attrove.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch {
	case failure.Code == attrove.CodeStorageFull:
		return fmt.Errorf("the disk or database is full, make room first: %w", err)
	case failure.Code == attrove.CodeMissingKey, failure.Status == http.StatusUnauthorized, failure.Status == http.StatusForbidden:
		return fmt.Errorf("check the key and the user id: %w", err)
	}
	return err
}
