package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/openapi"
)

// Options say whom to examine.
type Options struct {
	Client  attrove.ClientOptions // of the API; its Transport may be nil
	Caller  attrove.Caller        // whose data the reads ask for; without a key none is asked
	OpenAPI string                // a file or URL of Attrove's document; "" is the API's own
	Version string                // of this program
}

// Examine compares and reports. What cannot be reached is in the report; an
// error is a fault of the options.
func Examine(ctx context.Context, o Options) (Report, error) {
	raw, err := openapi.Document(openapi.Options{})
	if err != nil {
		return Report{}, err
	}
	ours, err := ReadSpec(raw)
	if err != nil {
		return Report{}, fmt.Errorf("our own document: %w", err)
	}
	if o.Client.Transport == nil {
		o.Client.Transport = http.DefaultTransport
	}
	listen := &tap{next: o.Client.Transport}
	o.Client.Transport = listen
	client, err := attrove.NewClient(o.Client)
	if err != nil {
		return Report{}, err
	}
	report := Report{Version: o.Version}
	fetch, err := o.document(client, listen)
	if err != nil {
		return Report{}, err
	}
	report.compare(ctx, ours, fetch)
	p := &prober{client: client, tap: listen, caller: o.Caller, ours: ours}
	if o.Caller.Key == "" || o.Caller.UserID == "" {
		report.NotAsked = "that needs a user's key and id (ATTROVE_SECRET_KEY, ATTROVE_USER_ID)"
	} else {
		p.run(ctx)
	}
	report.Probes, report.Live = p.probes, p.seen.found
	return report, nil
}

// source is where Attrove's document comes from.
type source struct {
	name string // fit for the report
	read func(context.Context) ([]byte, error)
}

// document says where the document is to be read. No key is sent for it.
func (o Options) document(api *attrove.Client, listen *tap) (source, error) {
	if o.OpenAPI == "" {
		return source{"the API's own " + openapi.Path, download(api, listen, openapi.Path)}, nil
	}
	if !strings.Contains(o.OpenAPI, "://") {
		return source{"a file", func(context.Context) ([]byte, error) { return readFile(o.OpenAPI) }}, nil
	}
	u, err := url.Parse(o.OpenAPI)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return source{}, errors.New("the document's URL must be no more than an origin and a path, such as " + attrove.DefaultBaseURL + openapi.Path)
	}
	other, err := attrove.NewClient(attrove.ClientOptions{BaseURL: u.Scheme + "://" + u.Host, Transport: listen, UserAgent: o.Client.UserAgent})
	if err != nil {
		return source{}, fmt.Errorf("the document's URL: %w", err)
	}
	return source{clip(u.Scheme + "://" + u.Host + u.EscapedPath()), download(other, listen, u.EscapedPath())}, nil
}

// download fetches with the client's deadline and retries. The client refuses
// what is no JSON, which YAML is not; the tap has it all the same.
func download(c *attrove.Client, listen *tap, path string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		listen.status, listen.body = 0, nil
		_, err := c.Do(ctx, attrove.Meta{Name: "openapi", Method: http.MethodGet, Path: path, Auth: attrove.AuthNone, Status: http.StatusOK}, attrove.Caller{}, nil)
		switch {
		case listen.status == http.StatusOK && len(listen.body) == maxAnswer:
			return nil, errTooLarge
		case listen.status == http.StatusOK:
			return listen.body, nil
		case err == nil:
			return nil, fmt.Errorf("it was answered with %d", listen.status)
		}
		return nil, errors.New(failed(err))
	}
}

var errTooLarge = fmt.Errorf("it is larger than %d MiB", maxAnswer>>20)

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, errors.New("the file cannot be opened") // its name may say whose it is
	}
	defer file.Close() //nolint:errcheck // it was only read
	raw, err := io.ReadAll(io.LimitReader(file, maxAnswer))
	switch {
	case err != nil:
		return nil, errors.New("the file cannot be read")
	case len(raw) == maxAnswer:
		return nil, errTooLarge
	}
	return raw, nil
}
