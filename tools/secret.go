package tools

import (
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/safe"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Safe keeps credentials that an operation shows once, where the user finds
// them and a model does not look. It is safe for concurrent use.
type Safe interface {
	// Ready reports why nothing can be kept now, if so.
	Ready() error
	// Keep keeps what a call showed, and says where.
	Keep(safe.Entry) (where string, err error)
}

// CodeNoSafe is the code of a call that would show a credential once, with
// nowhere to keep it.
const CodeNoSafe = "NO_PLACE_FOR_SECRET"

// ready refuses a call that shows a credential once before it is sent, if there
// is nowhere to keep it: afterwards it would be lost.
func (t *Tool) ready(env Env) error {
	if env.Reveal || !t.view().Secretive() {
		return nil
	}
	message := "this returns a credential that is shown once, and there is no place to keep it"
	if env.Safe != nil {
		err := env.Safe.Ready()
		if err == nil {
			return nil
		}
		message += ": " + err.Error()
	}
	return &attrove.Error{Code: CodeNoSafe, Message: message}
}

// keep is what a result shows in place of credentials.
func (t *Tool) keep(env Env, args json.RawMessage) func(string, []view.Secret) string {
	if env.Safe == nil {
		return nil
	}
	return func(id string, secrets []view.Secret) string {
		e := safe.Entry{Tool: t.Name(), Arguments: args, ID: id, Secrets: map[string]string{}}
		for _, one := range secrets {
			e.Secrets[one.Path] = one.Value
		}
		where, err := env.Safe.Keep(e)
		if err != nil {
			return "[lost, because it could not be saved: " + err.Error() + "]"
		}
		return "[not shown; saved to " + where + "]"
	}
}
