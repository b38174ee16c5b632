// Package endpoint is how the engine talks to models that the user chose: to
// nobody else, in bounded replies, and without a word of what was said in errors.
package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/openai/openai-go"
	"github.com/openai/openai-go/option"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Options say where a model is, and what it is called there.
type Options struct {
	URL  string         // where the API begins, such as http://127.0.0.1:11434/v1
	Name string         // the model's name there
	Key  attrove.Secret // "" for none
}

// Reach returns what a service of the openai library is made with, and the host it
// then talks to. Its calls end after so long, its replies after so many bytes; it
// tries once. A service made so reads no OPENAI_ variables, unlike openai.NewClient.
func (o Options) Reach(timeout time.Duration, maxReply int64) (how []option.RequestOption, host string, err error) {
	base, err := parse(o.URL)
	if err != nil {
		return nil, "", err
	}
	if o.Name == "" {
		return nil, "", errors.New("the model has no name")
	}
	how = []option.RequestOption{option.WithBaseURL(base.String()), option.WithMaxRetries(0), option.WithHTTPClient(client(timeout, maxReply))}
	if key := o.Key.Reveal(); key != "" {
		how = append(how, option.WithAPIKey(key))
	}
	return how, base.Host, nil
}

// parse checks where text is to go: to a host by https, or by http on this machine.
// What is wrong is not repeated in the error, as it may hold a credential.
func parse(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Hostname() == "":
		return nil, errors.New("the model's URL is none; write it like https://models.example.com/v1")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the model's URL must hold no credentials, query or fragment; the key has a setting of its own")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("the model's URL %q must be https; http is for this machine only", raw)
}

func loopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// client returns one whose calls end after so long, whose replies end after
// so many bytes, and which goes where it was sent alone.
func client(timeout time.Duration, maxReply int64) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		Transport:     bounded{http.DefaultTransport, maxReply},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errElsewhere },
	}
}

var errElsewhere = errors.New("it sends us to another address, where nothing goes")

// Plain is what may be logged of an error of the openai library: its own holds the
// reply, in which a server may repeat what it was sent.
func Plain(err error) error {
	var refused *openai.Error
	var broken *url.Error
	switch {
	case errors.As(err, &refused):
		return StatusError(refused.StatusCode)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it takes too long: %w", context.DeadlineExceeded)
	case errors.As(err, &broken):
		return broken.Err
	case errors.Is(err, context.Canceled):
		return err
	}
	return errors.New("its answer cannot be read")
}

// StatusError is the HTTP status with which a model refused.
type StatusError int

func (e StatusError) Error() string { return fmt.Sprintf("it answered with status %d", int(e)) }

// bounded ends replies that are too long.
type bounded struct {
	next http.RoundTripper
	most int64
}

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := b.next.RoundTrip(r)
	if err == nil {
		reply.Body = http.MaxBytesReader(nil, reply.Body, b.most)
	}
	return reply, err
}
