package transport_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// secret is a signing secret of so many bytes.
func secret(first byte, size int) attrove.Secret {
	return attrove.Secret("whsec_" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{first}, size)))
}

// signed is a webhook's headers, signed by each of the secrets.
func signed(t *testing.T, id string, at time.Time, body string, secrets ...attrove.Secret) map[string]string {
	t.Helper()
	var signatures []string
	for _, one := range secrets {
		signer, err := standardwebhooks.NewWebhook(one.Reveal())
		require.NoError(t, err)
		signature, err := signer.Sign(id, at, []byte(body))
		require.NoError(t, err)
		signatures = append(signatures, signature)
	}
	return map[string]string{standardwebhooks.HeaderWebhookID: id, standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(at.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: strings.Join(signatures, " ")}
}

// pad makes a body longer without changing what it says.
func pad(body string, size int) string { return body + strings.Repeat(" ", size-len(body)) }

const event = `{"type":"goals.updated","timestamp":"2026-11-02T10:00:00Z","data":{"user_id":"planted-ann","goal_id":"gol_1"}}`

func TestWebhooks(t *testing.T) {
	old, current, foreign := secret('o', 24), secret('c', 64), secret('f', 32)
	now := time.Now()
	var told []string
	var logs bytes.Buffer
	receiver, err := transport.NewWebhooks([]attrove.Secret{current, old}, func(user string) { told = append(told, user) }, safetest.Log(t, &logs).Logger)
	require.NoError(t, err)
	base, _ := newProduct(t, &attrovetest.Upstream{}).listen(t, transport.HTTPOptions{Webhooks: receiver})
	const tomorrow, test = `{"type":"x","data":{"user_id":"planted-ann","y":[]}}`, `{"type":"webhooks.test","data":{"test":true}}`
	good := signed(t, "gev_1", now, event, current)
	for name, c := range map[string]struct {
		method string
		body   string
		header map[string]string
		status int
		told   []string
	}{
		"a good one":              {"POST", event, good, 204, []string{"planted-ann"}},
		"by the secret before":    {"POST", event, signed(t, "gev_1", now, event, old), 204, []string{"planted-ann"}},
		"while secrets rotate":    {"POST", event, signed(t, "gev_1", now, event, foreign, current), 204, []string{"planted-ann"}},
		"four minutes old":        {"POST", event, signed(t, "gev_1", now.Add(-4*time.Minute), event, current), 204, []string{"planted-ann"}},
		"six minutes old":         {"POST", event, signed(t, "gev_1", now.Add(-6*time.Minute), event, current), 401, nil},
		"of the future":           {"POST", event, signed(t, "gev_1", now.Add(6*time.Minute), event, current), 401, nil},
		"another one's":           {"POST", event, signed(t, "gev_1", now, event, foreign), 401, nil},
		"another body":            {"POST", strings.Replace(event, "ann", "bob", 1), good, 401, nil},
		"another id":              {"POST", event, with(good, "webhook-id", "gev_2"), 401, nil},
		"another time":            {"POST", event, with(good, "webhook-timestamp", strconv.FormatInt(now.Unix()+1, 10)), 401, nil},
		"no signature":            {"POST", event, with(good, "webhook-signature", ""), 400, nil},
		"no signature in it":      {"POST", event, with(good, "webhook-signature", "v1, v1,! ,"), 401, nil},
		"another kind":            {"POST", event, with(good, "webhook-signature", "v1a,"+strings.Repeat("A", 44)), 401, nil},
		"no time":                 {"POST", event, with(good, "webhook-timestamp", "soon"), 400, nil},
		"no headers":              {"POST", event, nil, 400, nil},
		"a user's key":            {"POST", event, headers("ann", "sk_ann"), 400, nil},
		"at the limit":            {"POST", pad(event, 64<<10), signed(t, "gev_1", now, pad(event, 64<<10), current), 204, []string{"planted-ann"}},
		"beyond it":               {"POST", pad(event, 64<<10+1), signed(t, "gev_1", now, pad(event, 64<<10+1), current), 413, nil},
		"signed, but no JSON":     {"POST", "{", signed(t, "gev_1", now, "{", current), 400, nil},
		"signed, but no event":    {"POST", "[]", signed(t, "gev_1", now, "[]", current), 400, nil},
		"of no user":              {"POST", test, signed(t, "e", now, test, current), 204, nil},
		"an event of tomorrow":    {"POST", tomorrow, signed(t, "e", now, tomorrow, current), 204, []string{"planted-ann"}},
		"asked for, and not sent": {"GET", "", nil, 405, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // a replay is harmless
				told = nil
				got := send(t, c.method, base+transport.WebhooksPath, c.body, c.header)
				assert.Equal(t, c.status, got.status, got.body)
				assert.Equal(t, c.told, told)
				for _, leak := range []string{"planted", "whsec", current.Reveal()[6:20]} {
					assert.NotContains(t, got.body+logs.String(), leak)
				}
				if c.status == http.StatusMethodNotAllowed {
					assert.Equal(t, "POST", got.header.Get("Allow"))
				}
			}
		})
	}
}

func TestWebhookSecretsMustHoldUp(t *testing.T) {
	for _, secrets := range [][]attrove.Secret{nil, {""}, {"whsec_"}, {"whsec_planted!"}, {secret('a', 23)}, {secret('a', 24), "whsec_"}} {
		_, err := transport.NewWebhooks(secrets, func(string) {}, safetest.Log(t, io.Discard).Logger)
		require.ErrorContains(t, err, "signing secret")
		assert.NotContains(t, err.Error(), "planted")
	}
}

// TestWebhookSecretsAreReplaced at once, and not by those that would not do.
func TestWebhookSecretsAreReplaced(t *testing.T) {
	before, after := secret('b', 32), secret('a', 32)
	receiver, err := transport.NewWebhooks([]attrove.Secret{before}, func(string) {}, safetest.Log(t, io.Discard).Logger)
	require.NoError(t, err)
	base, _ := newProduct(t, &attrovetest.Upstream{}).listen(t, transport.HTTPOptions{Webhooks: receiver})
	statuses := func() (of [2]int) {
		for i, one := range []attrove.Secret{before, after} {
			of[i] = send(t, "POST", base+transport.WebhooksPath, event, signed(t, "gev_1", time.Now(), event, one)).status
		}
		return of
	}
	assert.Equal(t, [2]int{204, 401}, statuses())
	require.Error(t, receiver.Replace([]attrove.Secret{after, "whsec_"}))
	require.Error(t, receiver.Replace(nil))
	assert.Equal(t, [2]int{204, 401}, statuses())
	require.NoError(t, receiver.Replace([]attrove.Secret{after}))
	assert.Equal(t, [2]int{401, 204}, statuses())
}

// TestWebhooksNeedASecret: without one there is nothing there.
func TestWebhooksNeedASecret(t *testing.T) {
	p := newProduct(t, &attrovetest.Upstream{})
	without, _ := p.listen(t, transport.HTTPOptions{})
	assert.Equal(t, http.StatusNotFound, send(t, "POST", without+"/webhooks/attrove", event, nil).status)
	receiver, err := transport.NewWebhooks([]attrove.Secret{secret('c', 32)}, func(string) {}, safetest.Log(t, io.Discard).Logger)
	require.NoError(t, err)
	with, _ := p.listen(t, transport.HTTPOptions{Webhooks: receiver})
	assert.Equal(t, http.StatusBadRequest, send(t, "POST", with+"/webhooks/attrove", event, nil).status)
	assert.Equal(t, http.StatusNotFound, send(t, "POST", with+"/webhooks/attrove/", event, nil).status)
}
