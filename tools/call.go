package tools

import (
	"context"
	"encoding/json"
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

// request is one call, ready to be sent.
type request struct {
	op       attrove.Meta
	args     json.RawMessage
	budget   int
	resolved map[string]string
}

// Call runs the tool as who. What goes wrong is in the result.
func (t *Tool) Call(ctx context.Context, env Env, who attrove.Caller, args json.RawMessage) view.Result {
	req, err := t.prepare(ctx, env, who, args)
	if err != nil {
		return t.fail(env, err)
	}
	reply, err := t.do(ctx, env, who, req)
	if err != nil {
		return t.fail(env, err)
	}
	return t.view().Render(reply, view.Request{
		Tool: t.Name(), Budget: req.budget, Fuller: t.detailed(), Backend: env.backend(), Resolved: req.resolved,
		Keep: t.keep(env, req.args), Reveal: env.Reveal,
	})
}

// do calls the operation. A page is for a browser: it is only said where it is.
func (t *Tool) do(ctx context.Context, env Env, who attrove.Caller, req request) (attrove.RawReply, error) {
	if req.op.Page != "" {
		return env.Client.Link(req.op, req.args)
	}
	return env.Client.Do(ctx, req.op, who, req.args)
}

// fail is the result of a call that failed with err.
func (t *Tool) fail(env Env, err error) view.Result {
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

// prepare checks the arguments and turns them into a request. The steps keep
// their order: each relies on what the one before has settled.
func (t *Tool) prepare(ctx context.Context, env Env, who attrove.Caller, args json.RawMessage) (request, error) {
	fields, err := t.check(args)
	if err != nil {
		return request{}, err
	}
	req := request{op: t.meta(), budget: fields.takeBudget()}
	if req.resolved, err = t.resolveDates(ctx, env, who, fields); err != nil {
		return request{}, err
	}
	if err := t.clear(fields); err != nil {
		return request{}, err
	}
	if t.bind != nil {
		if req.op, err = t.bind(env, fields); err != nil {
			return request{}, err
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
	if req.args, err = json.Marshal(fields); err != nil {
		return request{}, &attrove.Error{Code: attrove.CodeInvalidArgument, Message: "the arguments cannot be sent"}
	}
	return req, t.ready(env)
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
	if json.Unmarshal(f[name], &s) != nil {
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
