package tools

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Env is what all calls share.
type Env struct {
	Client *attrove.Client
	Now    func() time.Time // nil is the system's clock
	Zone   *time.Location   // the user's; nil is the profile's, else UTC
	Setup  string           // what to tell a user whose key is missing; "" for the usual

	Safe   Safe // keeps credentials that are shown once; nil keeps none
	Reveal bool // shows them instead
}

// Fields are arguments by name, still as JSON, so that absence, null and large
// numbers stay what they are.
type Fields map[string]json.RawMessage

// Call is one call of a tool, checked and ready to be sent.
type Call struct {
	tool     *Tool
	env      Env
	who      attrove.Caller
	op       attrove.Meta
	fields   Fields
	budget   int
	resolved map[string]string
}

// Effect says what the call does to the world.
func (c *Call) Effect() attrove.Effect { return c.op.Effect }

// Objects are the ids of what the call is about: those in its path.
func (c *Call) Objects() []string {
	var ids []string
	for _, name := range c.op.PathNames() {
		if id := c.fields.text(name); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Sum tells calls apart: two of the same sum would send the same.
func (c *Call) Sum() (string, error) {
	args, err := json.Marshal(c.fields)
	if err != nil {
		return "", fmt.Errorf("encode arguments of %s: %w", c.op.Name, err)
	}
	sum := sha256.Sum256(append([]byte(c.op.Name+" "), args...))
	return hex.EncodeToString(sum[:]), nil
}

// Confirm notes that a human, to whom the thing was shown at version, wants the
// call. Under the same key a repeat changes nothing.
func (c *Call) Confirm(version int, key string) {
	if c.tool.sends("initiator") {
		c.fields.setText("initiator", string(attrove.InitiatorHuman))
	}
	if c.tool.sends("idempotency_key") {
		c.fields.setText("idempotency_key", key)
	}
	if c.tool.sends(versionField) && version > 0 {
		c.fields[versionField] = json.RawMessage(strconv.Itoa(version))
	}
}

// Send makes the call. What goes wrong is in the result.
func (c *Call) Send(ctx context.Context) view.Result {
	args, err := json.Marshal(c.fields)
	if err != nil {
		return c.Fail(&attrove.Error{Code: attrove.CodeInvalidArgument, Message: "the arguments cannot be sent"})
	}
	reply, err := c.do(ctx, args)
	if err != nil {
		return c.Fail(err)
	}
	t := c.tool
	return t.view().Render(reply, view.Request{
		Tool: t.Name(), Budget: c.budget, Fuller: t.traits().detailed, Backend: c.env.backend(), Resolved: c.resolved,
		Keep: t.keep(c.env, args), Reveal: c.env.Reveal,
	})
}

// do calls the operation. A page is for a browser: it is only said where it is.
func (c *Call) do(ctx context.Context, args json.RawMessage) (attrove.RawReply, error) {
	if c.op.Page != "" {
		return c.env.Client.Link(c.op, args)
	}
	return c.env.Client.Do(ctx, c.op, c.who, args)
}

// Fail is the result of the call when it fails with err.
func (c *Call) Fail(err error) view.Result { return c.tool.Fail(c.env, err) }

// Fail is the result of a call that fails with err.
func (t *Tool) Fail(env Env, err error) view.Result {
	p := view.Explain(err)
	switch {
	case p.Code == CodeNoSafe:
		p.Next = "Tell the user to start this server with --secrets-file FILE, where it is then kept, or with --reveal-secrets, which shows it here."
	case t.Partner() && (p.Code == attrove.CodeMissingKey || p.Code == attrove.CodeAuthentication):
		p.Next = "Tell the user to check ATTROVE_CLIENT_ID and ATTROVE_CLIENT_SECRET: this needs a partner's credentials and not a user's key."
	default:
		return env.Fail(err)
	}
	return view.Fail(p)
}

// Fail is the result of a call that cannot be made because of err.
func (env Env) Fail(err error) view.Result {
	p := view.Explain(err)
	if p.Code == attrove.CodeMissingKey && env.Setup != "" {
		p.Next = env.Setup
	}
	return view.Fail(p)
}

func (env Env) backend() string {
	if env.Client.Ours() {
		return "local"
	}
	return "attrove"
}

func (env Env) now() time.Time {
	if env.Now != nil {
		return env.Now()
	}
	return time.Now()
}

// Prepare checks the arguments of a call and makes it ready to be sent, as an
// agent wants it. The steps keep their order: each relies on what the one before
// has settled.
func (t *Tool) Prepare(ctx context.Context, env Env, who attrove.Caller, args json.RawMessage) (*Call, error) {
	fields, err := t.check(args)
	if err != nil {
		return nil, err
	}
	c := &Call{tool: t, env: env, who: who, op: t.meta(), fields: fields, budget: fields.takeBudget()}
	if c.resolved, err = t.resolveDates(ctx, env, who, fields); err != nil {
		return nil, err
	}
	if err := t.clear(fields); err != nil {
		return nil, err
	}
	if t.bind != nil {
		if c.op, err = t.bind(env, fields); err != nil {
			return nil, err
		}
	}
	for name, value := range t.spec.Fixed {
		fields[name] = value
	}
	if t.sends("initiator") {
		fields.setText("initiator", string(attrove.InitiatorAgent)) // P-08: whoever calls through a tool is one, whatever it says
	}
	if t.sends("limit") && fields["limit"] == nil {
		fields["limit"] = json.RawMessage(strconv.Itoa(attrove.DefaultLimit)) // P-05: the server's default never matters
	}
	return c, t.ready(env)
}

// check repairs the arguments, and refuses those that do not fit the schema.
func (t *Tool) check(args json.RawMessage) (Fields, error) {
	validator, err := t.validator()
	if err != nil {
		return nil, err
	}
	args = validator.Repair(args)
	if problems := validator.Validate(args); len(problems) > 0 {
		messages := make([]string, len(problems))
		for i, p := range problems {
			messages[i] = p.Message
			if p.Field == "user_id" && !t.Partner() { // a name near it, such as id, would mean something else
				messages[i] = "user_id is not an argument: it is the caller's own"
			}
		}
		return nil, &attrove.Error{
			Code: attrove.CodeInvalidArgument, Field: problems[0].Field, Message: strings.Join(messages, "; "),
		}
	}
	fields := Fields{}
	if err := json.Unmarshal(args, &fields); err != nil {
		return nil, invalid("", "the arguments must be a JSON object")
	}
	return fields, nil
}

// takeBudget takes detail, which is no argument of any operation.
func (f Fields) takeBudget() int {
	wanted := Detail(f.text("detail"))
	delete(f, "detail")
	if wanted == Full {
		return view.Full
	}
	return view.Brief
}

// text is the string under a name, or "".
func (f Fields) text(name string) string {
	var s string
	if raw, given := f[name]; !given || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func (f Fields) setText(name, value string) {
	if encoded, err := json.Marshal(value); err == nil { // a string always can be
		f[name] = encoded
	}
}

func invalid(field, message string) error {
	return &attrove.Error{Code: attrove.CodeInvalidArgument, Field: field, Message: message}
}
