package view_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func TestSecretsAreWithheld(t *testing.T) {
	user, webhook := reflect.TypeFor[attrove.NewUser](), reflect.TypeFor[attrove.NewWebhook]()
	for _, c := range []struct {
		name string
		out  reflect.Type
		give string
		want string
		kept map[string]string
	}{
		{"where the contract has it", user, `{"id":"u","api_key":"planted"}`, `"api_key":"HIDDEN"`, map[string]string{"api_key": "planted"}},
		{"under another spelling", user, `{"id":"u","apiKey":"planted"}`, `"apiKey":"HIDDEN"`, map[string]string{"apiKey": "planted"}},
		{"again elsewhere", webhook, `{"secret":"planted","curl":"curl -H planted"}`, `"curl":"HIDDEN"`,
			map[string]string{"secret": "planted", "curl": "curl -H planted"}},
		{"by its looks", user, `{"id":"u","keys":[{"value":"sk_planted0123"}]}`, `"value":"HIDDEN"`, map[string]string{"keys": "sk_planted0123"}},
		{"within an address", user, `{"id":"u","link":"https://a.example/?token=pit_planted0123&x=1"}`, `"link":"HIDDEN"`,
			map[string]string{"link": "https://a.example/?token=pit_planted0123&x=1"}},
		{"none", user, `{"id":"u","email":"ann@acme.example","api_key":null}`, `"email":"ann@acme.example"`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var kept map[string]string
			keep := func(_ string, secrets []view.Secret) string {
				kept = map[string]string{}
				for _, one := range secrets {
					kept[one.Path] = one.Value
				}
				return "HIDDEN"
			}
			reply := attrove.RawReply{Raw: json.RawMessage(c.give)}
			got := string(view.New(c.out, view.Spec{}).Render(reply, view.Request{Budget: view.Brief, Keep: keep}).Structured)
			assert.Contains(t, got, c.want)
			assert.NotContains(t, got, "planted")
			assert.Equal(t, c.kept, kept)

			got = string(view.New(c.out, view.Spec{}).Render(reply, view.Request{Budget: view.Brief}).Structured)
			assert.NotContains(t, got, "planted", "with nobody to keep it, it is not shown either")
		})
	}
}

// TestOtherAnswersAreLeftAlone: a message about a key is a message.
func TestOtherAnswersAreLeftAlone(t *testing.T) {
	v := view.New(reflect.TypeFor[attrove.Message](), view.Spec{})
	got := v.Render(attrove.RawReply{Raw: json.RawMessage(`{"id":"msg_1","body_text":"Our test key is sk_test0123456"}`)}, view.Request{Budget: view.Brief})
	assert.Contains(t, string(got.Structured), "sk_test0123456")
	assert.False(t, v.Secretive())
}
