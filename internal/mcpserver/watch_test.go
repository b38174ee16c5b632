package mcpserver_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// planted are the credentials with which these tests call, or pretend to.
func planted() []string { return []string{"sk_planted", "sk_wrong", "partner-secret"} }

// overheard is a client's transport all answers of which are written down.
type overheard struct {
	*transport.InProcessTransport
	heard io.Writer
}

func (o overheard) SendRequest(ctx context.Context, request transport.JSONRPCRequest) (*transport.JSONRPCResponse, error) {
	response, err := o.InProcessTransport.SendRequest(ctx, request)
	if err == nil {
		err = json.NewEncoder(o.heard).Encode(response)
	}
	return response, err
}

// watched is a log to w that may hold no credential, no word of the sample
// workspace, and nothing of what passes between a server and what is behind it.
func watched(t *testing.T, w io.Writer) *safetest.Logs {
	t.Helper()
	return safetest.Log(t, w, append(planted(), sampleWords()...)...)
}

// sampleWords are the titles and the beginnings of the texts in the sample workspace.
var sampleWords = sync.OnceValue(func() []string { //nolint:gochecknoglobals // built once
	var words []string
	collect := func(_ context.Context, _ attrove.Any, body json.RawMessage) error {
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil {
			return err
		}
		for _, name := range []string{"title", "subject", "body", "body_text", "summary", "description"} {
			text, _ := fields[name].(string)
			line, _, _ := strings.Cut(text, "\n")
			if line = line[:min(len(line), 40)]; strings.Contains(line, " ") {
				words = append(words, line)
			}
		}
		return nil
	}
	if err := sample.Load(context.Background(), time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC), collect); err != nil {
		panic(err)
	}
	return words
})

func TestSampleWordsAreMany(t *testing.T) {
	require.Greater(t, len(sampleWords()), 300)
	require.Contains(t, sampleWords(), "Where we stand")
}
