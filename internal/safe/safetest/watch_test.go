package safetest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLeaks: a watch that sees nothing would let every test pass.
func TestLeaks(t *testing.T) {
	for name, c := range map[string]struct {
		said  []string
		leaks int
	}{
		"nothing":                 {nil, 0},
		"what is no credential":   {[]string{`{"types":["goals.risk_detected"],"next":"Set ATTROVE_SECRET_KEY to sk_..."}`}, 0},
		"a key":                   {[]string{`{"api_key":"sk_0123456789"}`}, 1},
		"a token in an address":   {[]string{`https://connect.example/?token=pit_0123456789&x=1`}, 1},
		"a webhook's secret":      {[]string{`"whsec_abc+/def=="`}, 1},
		"what was planted":        {[]string{"Basic partner:word"}, 1},
		"in two pieces":           {[]string{"wo", "rd"}, 1},
		"more than one, anywhere": {[]string{"sk_0123456789 pit_0123456789", "word"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := new(watch)
			for _, s := range c.said {
				_, err := io.WriteString(w, s)
				require.NoError(t, err)
			}
			assert.Len(t, w.leaks([]string{"word"}), c.leaks)
		})
	}
}

// TestWhatLogsRepeat: of what passes to an engine and back, a log may hold nothing,
// but for the errors' own words.
func TestWhatLogsRepeat(t *testing.T) {
	answers := map[string]string{"/ok": `{"data":[{"text":"they have written \"this\" to us"}],"error":"the endpoint is gone"}`, "/bad": `{"error":{"message":"nothing to be found"}}`}
	engine := trip(func(r *http.Request) *http.Response {
		w := httptest.NewRecorder()
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, answers[r.URL.Path])
		return w.Result()
	})
	for name, c := range map[string]struct {
		log   string
		leaks int
	}{
		"nothing":                {"", 0},
		"what nobody said":       {"call to notes took 3 ms", 0},
		"a text that was sent":   {"body is " + strings.Repeat("what I think ", 9), 1},
		"a text that came back":  {"they have written this", 1},
		"one as it is encoded":   {`{"text":"they have written \"this\" to"}`, 1},
		"an error's message":     {"nothing to be found", 0},
		"a program's words":      {"the endpoint is gone", 0},
		"a short word":           {"small", 0},
		"the key":                {"key_of_ann", 1},
		"what looks like a key":  {"sk_0123456789", 1},
		"what was planted":       {"word", 1},
		"an address of somebody": {"ann@acme.example", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := new(watch)
			l := &Logs{Logger: zerolog.New(both{w, io.Discard}), heard: map[string]bool{}}
			client := http.Client{Transport: l.Between(t, engine)}
			for path := range answers {
				r := httptest.NewRequest(http.MethodPost, "http://engine.example"+path,
					strings.NewReader(`{"body":"`+strings.Repeat("what I think ", 9)+`","n":[1,"small"],"from":"ann@acme.example"}`))
				r.RequestURI = ""
				r.Header.Set("Authorization", "Bearer key_of_ann")
				answer, err := client.Do(r)
				require.NoError(t, err)
				read, err := io.ReadAll(answer.Body)
				require.NoError(t, err)
				require.NoError(t, answer.Body.Close())
				assert.Equal(t, answers[path], string(read), "it passes as it is")
			}
			_, err := io.WriteString(both{w, io.Discard}, c.log)
			require.NoError(t, err)
			assert.Len(t, w.leaks(append(l.words(), "word")), c.leaks)
		})
	}
}

type trip func(*http.Request) *http.Response

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }
