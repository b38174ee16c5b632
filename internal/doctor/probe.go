package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Probe is one read that was asked for, or why it was not.
type Probe struct {
	Operation string
	Outcome   string
	Skipped   bool
	Failed    bool
}

const perProbe = 5 // rows of a list

// prober asks the reads of the API.
type prober struct {
	client *attrove.Client
	tap    *tap
	caller attrove.Caller
	ours   Spec
	seen   comparison
	probes []Probe
	ids    map[string]string // by the path of their list, and by the name of their field
}

// run asks all reads that a user's key is enough for: the lists first, then what
// needs an id that a list has shown.
func (p *prober) run(ctx context.Context) {
	p.ids = map[string]string{}
	var named []attrove.Meta
	for _, op := range attrove.All() {
		m := op.Info()
		switch names := m.PathNames(); {
		case m.Method != http.MethodGet || m.Page != "":
		case m.Auth != attrove.AuthUser:
			p.skip(m, "needs a partner's credentials")
		case len(names) > 1:
			named = append(named, m)
		default:
			p.ask(ctx, m, map[string]any{})
		}
	}
	for _, m := range named {
		name := m.PathNames()[1]
		parent, _, _ := strings.Cut(m.Path, "/{"+name+"}")
		id, found := p.ids[parent]
		if !found {
			id, found = p.ids[name]
		}
		if !found {
			p.skip(m, "needs an id, and no list showed one")
			continue
		}
		p.ask(ctx, m, map[string]any{name: id})
	}
}

func (p *prober) skip(m attrove.Meta, why string) {
	p.probes = append(p.probes, Probe{Operation: m.Name, Outcome: "skipped: it " + why, Skipped: true})
}

func (p *prober) ask(ctx context.Context, m attrove.Meta, args map[string]any) {
	declared := p.ours.Operations[key(m.Method, m.Path)]
	if declared.Parameters["query limit"] != nil {
		args["limit"] = perProbe
	}
	raw, err := json.Marshal(args)
	if err != nil { // strings and numbers always encode
		p.probes = append(p.probes, Probe{Operation: m.Name, Outcome: "could not be asked", Failed: true})
		return
	}
	p.tap.body = nil
	_, err = p.client.Do(ctx, m, p.caller, raw)
	if err != nil {
		p.probes = append(p.probes, Probe{Operation: m.Name, Outcome: failed(err), Failed: true})
		return
	}
	p.seen.operation = m.Name
	before := len(p.seen.found)
	p.seen.look(declared.Success, p.tap.body)
	outcome := fmt.Sprintf("%d, as declared", p.tap.status)
	if len(p.seen.found) > before {
		outcome = fmt.Sprintf("%d, differs", p.tap.status)
	}
	p.probes = append(p.probes, Probe{Operation: m.Name, Outcome: outcome})
	p.collect(m, p.tap.body)
}

// collect keeps the first id of a list's rows, and of whatever else they name.
func (p *prober) collect(m attrove.Meta, body []byte) {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return
	}
	_, held := unwrap(value)
	for _, row := range held {
		for name, one := range object(row) {
			id := text(one)
			switch {
			case id == "" || name != "id" && !strings.HasSuffix(name, "_id"):
				continue
			case name == "id":
				name = m.Path
			}
			if p.ids[name] == "" {
				p.ids[name] = id
			}
		}
	}
}

// failed says why a call failed, without a word of the upstream's.
func failed(err error) string {
	var failure *attrove.Error
	switch {
	case !errors.As(err, &failure):
		return "failed"
	case failure.Status == 0:
		return clip(failure.Message) // ours: no answer came
	case failure.Status < http.StatusMultipleChoices:
		return fmt.Sprintf("%d, but no JSON object or list", failure.Status)
	}
	return fmt.Sprintf("refused: %d %s", failure.Status, http.StatusText(failure.Status))
}

// tap keeps the last answer as it came, before the client unwraps it.
type tap struct {
	next   http.RoundTripper
	status int
	body   []byte
}

// maxAnswer is as much of one answer as is read.
const maxAnswer = 32 << 20

// RoundTrip implements http.RoundTripper.
func (t *tap) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if closeErr := resp.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	t.status, t.body = resp.StatusCode, body
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
