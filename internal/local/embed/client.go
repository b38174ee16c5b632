// Package embed has a model tell what texts are about: as vectors, which lie the
// nearer the more alike texts are in meaning.
package embed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/openai/openai-go"

	"github.com/attrove/attrove-mcp/internal/local/endpoint"
)

const (
	queryTime    = 2 * time.Second // that somebody waits for a query's vector
	passagesTime = 2 * time.Minute // that a batch of passages may take: small machines are slow
	maxReply     = 32 << 20        // bytes

	// A model that does not answer queries is left alone for a while.
	maxFailures  = 2
	failurePause = time.Minute
)

// MaxTexts is how many texts one call takes.
const MaxTexts = 64

// ErrText says that the model does not take one of the texts.
var ErrText = errors.New("the model does not take the text")

// Client asks a model behind an OpenAI-compatible embeddings API. It is safe for
// concurrent use.
type Client struct {
	name    string
	host    string
	api     openai.EmbeddingService
	circuit circuitbreaker.CircuitBreaker[Vector]
}

// New returns a client. It does no I/O.
func New(o endpoint.Options) (*Client, error) {
	how, host, err := o.Reach(passagesTime, maxReply)
	if err != nil {
		return nil, err
	}
	failed := func(_ Vector, err error) bool { return err != nil && !errors.Is(err, context.Canceled) } // who left says nothing of it
	circuit := circuitbreaker.NewBuilder[Vector]().HandleIf(failed).WithFailureThreshold(maxFailures).WithDelay(failurePause).Build()
	return &Client{name: o.Name, host: host, api: openai.NewEmbeddingService(how...), circuit: circuit}, nil
}

// Name is the model's name.
func (c *Client) Name() string { return c.name }

// Host is where texts go, with its port if it has one of its own.
func (c *Client) Host() string { return c.host }

// Query returns the vector of what somebody looks for. It takes two seconds at
// most, and none while the model has failed. Its errors hold nothing of what was
// sent or answered.
func (c *Client) Query(ctx context.Context, text string) (Vector, error) {
	v, err := failsafe.With(c.circuit).WithContext(ctx).Get(func() (Vector, error) {
		ctx, cancel := context.WithTimeout(ctx, queryTime)
		defer cancel()
		all, err := c.ask(ctx, []string{text})
		if err != nil {
			return nil, err
		}
		return all[0], nil
	})
	if err != nil {
		return nil, fmt.Errorf("the model at %s: %w", c.host, err)
	}
	return v, nil
}

// Passages returns the vectors of up to MaxTexts texts, in their order. It fails
// with ErrText when the model refuses one of them. Its errors hold nothing of
// what was sent or answered.
func (c *Client) Passages(ctx context.Context, texts []string) ([]Vector, error) {
	all, err := c.ask(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("the model at %s: %w", c.host, err)
	}
	return all, nil
}

// Probe returns how many numbers the model's vectors have. It sends nothing of
// anybody's; its errors hold nothing of what was answered.
func (c *Client) Probe(ctx context.Context) (int, error) {
	all, err := c.Passages(ctx, []string{"Are you there?"})
	if err != nil {
		return 0, err
	}
	return len(all[0]), nil
}

func (c *Client) ask(ctx context.Context, texts []string) ([]Vector, error) {
	reply, err := c.api.New(ctx, openai.EmbeddingNewParams{
		Model: c.name, Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: texts}, EncodingFormat: openai.EmbeddingNewParamsEncodingFormatFloat,
	})
	if err != nil {
		return nil, refusal(endpoint.Plain(err))
	}
	all := make([]Vector, len(texts))
	for _, one := range reply.Data {
		if one.Index < 0 || int(one.Index) >= len(texts) || all[one.Index] != nil {
			return nil, errors.New("its answer is of other texts")
		}
		if all[one.Index], err = unit(one.Embedding); err != nil {
			return nil, err
		}
	}
	for _, v := range all {
		if len(v) == 0 || len(v) != len(all[0]) {
			return nil, errors.New("its answer lacks a vector, or has vectors of several lengths")
		}
	}
	return all, nil
}

// refusal tells the statuses apart that are about the texts. Servers of small
// models fail with 500 where a text is too long for them.
func refusal(err error) error {
	var status endpoint.StatusError
	if !errors.As(err, &status) {
		return err
	}
	switch int(status) {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusInternalServerError:
		return fmt.Errorf("%w: %w", ErrText, err)
	}
	return err
}
