package attrove_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// The tests here run in a bubble of synthetic time, so the upstream is a
// function and not a server.
type upstream func(n int, req *http.Request) (*http.Response, error)

// scripted is a transport that counts its calls from 1 and notes their times.
type scripted struct {
	upstream
	times []time.Time
}

func (s *scripted) RoundTrip(req *http.Request) (*http.Response, error) {
	s.times = append(s.times, time.Now())
	return s.upstream(len(s.times), req)
}

func response(status int, body string, header ...string) *http.Response {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i+1 < len(header); i += 2 {
		resp.Header.Set(header[i], header[i+1])
	}
	return resp
}

func scriptedClient(t *testing.T, u upstream) (*attrove.Client, *scripted) {
	t.Helper()
	transport := &scripted{upstream: u}
	client, err := attrove.NewClient(attrove.ClientOptions{Transport: transport})
	require.NoError(t, err)
	return client, transport
}

func failureOf(t *testing.T, err error) *attrove.Error {
	t.Helper()
	var failure *attrove.Error
	require.ErrorAs(t, err, &failure)
	return failure
}

func TestReadsAreRetriedWithJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := scriptedClient(t, func(n int, _ *http.Request) (*http.Response, error) {
			switch n {
			case 1:
				return nil, errors.New("connection reset")
			case 2:
				return response(http.StatusServiceUnavailable, ""), nil
			}
			return response(http.StatusOK, `{"data":{"id":"u"}}`), nil
		})
		reply, err := client.Do(t.Context(), metaOf(t, "search"), caller(), []byte(`{"query":"q"}`))
		require.NoError(t, err)
		assert.JSONEq(t, `{"id":"u"}`, string(reply.Raw))
		require.Len(t, transport.times, 3)
		assert.Less(t, transport.times[1].Sub(transport.times[0]), attrove.DefaultRetryDelay)
		assert.Less(t, transport.times[2].Sub(transport.times[1]), 2*attrove.DefaultRetryDelay)
	})
}

func TestABodyThatBreaksOffIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := scriptedClient(t, func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				resp := response(http.StatusOK, "")
				resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"data":`), brokenReader{}))
				return resp, nil
			}
			return response(http.StatusOK, `{}`), nil
		})
		_, err := client.Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
		require.NoError(t, err)
		assert.Len(t, transport.times, 2)
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWritesAreSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := scriptedClient(t, func(int, *http.Request) (*http.Response, error) {
			return nil, io.ErrUnexpectedEOF
		})
		_, err := client.Do(t.Context(), metaOf(t, "push_note"), caller(), []byte(`{"body":"b"}`))
		failure := failureOf(t, err)
		assert.Equal(t, attrove.CodeNetwork, failure.Code)
		assert.Equal(t, "cannot reach api.attrove.com: the connection broke off", failure.Message)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Len(t, transport.times, 1)
	})
}

func TestRetryAfterIsHonouredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := scriptedClient(t, func(int, *http.Request) (*http.Response, error) {
			return response(http.StatusTooManyRequests, "", "Retry-After", "2"), nil
		})
		_, err := client.Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
		assert.Equal(t, 2*time.Second, failureOf(t, err).RetryAfter)
		assert.Len(t, transport.times, 2)
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	tests := []struct {
		name   string
		op     string
		header func(now time.Time) string
		waited time.Duration // before a second request; 0 if there is none
		told   time.Duration // in the error
	}{
		{"seconds", "get_profile", func(time.Time) string { return "7" }, 7 * time.Second, 0},
		{"a date", "get_profile", func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second, 0},
		{"a date gone by", "get_profile", func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, time.Nanosecond, 0},
		{"too long to wait", "get_profile", func(time.Time) string { return "31" }, 0, 31 * time.Second},
		{"no time left", "get_profile", func(time.Time) string { return "30" }, 0, 30 * time.Second},
		{"time left", "search", func(time.Time) string { return "30" }, 30 * time.Second, 0},
		{"none", "get_profile", func(time.Time) string { return "" }, 0, 60 * time.Second},
		{"nonsense", "get_profile", func(time.Time) string { return "soon" }, 0, 60 * time.Second},
		{"enormous", "get_profile", func(time.Time) string { return "99999999999999999999" }, 0, 60 * time.Second},
		{"a date gone by, of a write", "push_note", func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0, 0},
		{"of a write", "push_note", func(time.Time) string { return "1" }, 0, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, transport := scriptedClient(t, func(n int, _ *http.Request) (*http.Response, error) {
					if n == 1 {
						return response(http.StatusTooManyRequests, "", "Retry-After", tt.header(time.Now())), nil
					}
					return response(http.StatusOK, "{}"), nil
				})
				_, err := client.Do(t.Context(), metaOf(t, tt.op), caller(), nil)
				if tt.waited == 0 {
					assert.Equal(t, tt.told, failureOf(t, err).RetryAfter)
					assert.Len(t, transport.times, 1)
					return
				}
				require.NoError(t, err)
				require.Len(t, transport.times, 2)
				waited := transport.times[1].Sub(transport.times[0])
				if tt.waited >= time.Second {
					assert.Equal(t, tt.waited, waited)
				} else {
					assert.Less(t, waited, attrove.DefaultRetryDelay)
				}
			})
		})
	}
}

func TestDeadlineCoversRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := scriptedClient(t, func(n int, req *http.Request) (*http.Response, error) {
			if n == 1 {
				return response(http.StatusBadGateway, ""), nil
			}
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		start := time.Now()
		_, err := client.Do(t.Context(), metaOf(t, "get_profile"), caller(), nil)
		failure := failureOf(t, err)
		assert.Equal(t, attrove.CodeTimeout, failure.Code)
		assert.Equal(t, "api.attrove.com did not answer in time (30s at most)", failure.Message)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, attrove.DefaultTimeout, time.Since(start))
		assert.Len(t, transport.times, 2)
	})
}

func TestCancellationEndsACall(t *testing.T) {
	t.Run("while it waits for an answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, transport := scriptedClient(t, func(_ int, req *http.Request) (*http.Response, error) {
				<-req.Context().Done()
				return nil, req.Context().Err()
			})
			assertCancelled(t, client, transport)
		})
	})
	t.Run("while it waits to try again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, transport := scriptedClient(t, func(int, *http.Request) (*http.Response, error) {
				return response(http.StatusTooManyRequests, "", "Retry-After", "20"), nil
			})
			assertCancelled(t, client, transport)
		})
	})
}

func assertCancelled(t *testing.T, client *attrove.Client, transport *scripted) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	start := time.Now()
	_, err := client.Do(ctx, metaOf(t, "get_profile"), caller(), nil)
	assert.Equal(t, attrove.CodeCancelled, failureOf(t, err).Code)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, time.Second, time.Since(start))
	assert.Len(t, transport.times, 1)
}

func TestCircuitOpensAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status := http.StatusInternalServerError
		client, transport := scriptedClient(t, func(int, *http.Request) (*http.Response, error) {
			return response(status, "{}"), nil
		})
		call := func() error {
			_, err := client.Do(t.Context(), metaOf(t, "push_note"), caller(), []byte(`{"body":"b"}`))
			return err
		}
		for range 5 {
			assert.Equal(t, attrove.CodeInternal, failureOf(t, call()).Code)
		}
		time.Sleep(3 * time.Second) // synthetic
		failure := failureOf(t, call())
		assert.Equal(t, attrove.CodeUpstream, failure.Code)
		assert.Equal(t, 7*time.Second, failure.RetryAfter)
		assert.Equal(t, "push_note", failure.Operation)
		assert.Len(t, transport.times, 5, "an open circuit sends nothing")

		time.Sleep(7 * time.Second)
		status = http.StatusOK
		require.NoError(t, call())
		require.NoError(t, call())
	})
}

func TestOnlyAnUpstreamThatIsDownOpensTheCircuit(t *testing.T) {
	tests := []struct {
		name   string
		answer upstream
		opens  bool
	}{
		{"connection errors", func(int, *http.Request) (*http.Response, error) { return nil, errors.New("no route") }, true},
		{"502", func(int, *http.Request) (*http.Response, error) { return response(502, ""), nil }, true},
		{"404", func(int, *http.Request) (*http.Response, error) { return response(404, ""), nil }, false},
		{"429", func(int, *http.Request) (*http.Response, error) { return response(429, ""), nil }, false},
		{"501", func(int, *http.Request) (*http.Response, error) { return response(501, ""), nil }, false},
		{"507", func(int, *http.Request) (*http.Response, error) { return response(507, ""), nil }, false},
		{"deadlines", func(_ int, req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, transport := scriptedClient(t, tt.answer)
				for range 8 {
					_, err := client.Do(t.Context(), metaOf(t, "evaluate_goal"), caller(), []byte(`{"goal_id":"g"}`))
					require.Error(t, err)
				}
				sent := 8
				if tt.opens {
					sent = 5
				}
				assert.Len(t, transport.times, sent)
			})
		})
	}
}

// TestCallersWhoLeaveDoNotOpenTheCircuit: one impatient client must not shut
// out the others.
func TestCallersWhoLeaveDoNotOpenTheCircuit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := scriptedClient(t, func(_ int, req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		for range 8 {
			ctx, leave := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, leave)
			_, err := client.Do(ctx, metaOf(t, "push_note"), caller(), []byte(`{"body":"b"}`))
			assert.Equal(t, attrove.CodeCancelled, failureOf(t, err).Code)
		}
		assert.Len(t, transport.times, 8)
	})
}
