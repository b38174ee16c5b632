package attrove_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// ear notes what it hears of calls.
type ear struct{ heard []attrove.Called }

type earKey struct{}

func (e *ear) Calling(ctx context.Context, m attrove.Meta) (context.Context, func(attrove.Called)) {
	return context.WithValue(ctx, earKey{}, m.Name), func(c attrove.Called) { e.heard = append(e.heard, c) }
}

func (e *ear) Sending(ctx context.Context, h http.Header) {
	h.Add("Heard", ctx.Value(earKey{}).(string))
}

func TestObserver(t *testing.T) {
	for name, c := range map[string]struct {
		answers []int // one each attempt, the last for all others; 0 is none
		want    attrove.Called
	}{
		"an answer":            {[]int{200}, attrove.Called{Attempts: 1, Status: 200}},
		"an answer at last":    {[]int{503, 0, 200}, attrove.Called{Attempts: 3, Status: 200}},
		"a refusal":            {[]int{404}, attrove.Called{Attempts: 1, Status: 404, Code: attrove.CodeNotFound}},
		"no answer":            {[]int{0}, attrove.Called{Attempts: 3, Code: attrove.CodeNetwork}},
		"an answer that is no": {[]int{204}, attrove.Called{Attempts: 1, Status: 204}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				heard := &ear{}
				client, err := attrove.NewClient(attrove.ClientOptions{Observer: heard, Transport: &scripted{upstream: func(n int, r *http.Request) (*http.Response, error) {
					assert.Equal(t, []string{"get_goal"}, r.Header["Heard"], "each attempt is told of once")
					status := c.answers[min(n, len(c.answers))-1]
					if status == 0 {
						return nil, errors.New("down")
					}
					return response(status, `{"data":{"id":"g_1"}}`), nil
				}}})
				require.NoError(t, err)
				_, _ = attrove.GetGoal.Call(t.Context(), client, caller(), attrove.GoalRef{GoalID: "g_1"})
				assert.Equal(t, []attrove.Called{c.want}, heard.heard)
			})
		})
	}
}

func TestCircuitOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		heard := &ear{}
		client, err := attrove.NewClient(attrove.ClientOptions{Observer: heard, Transport: &scripted{upstream: func(int, *http.Request) (*http.Response, error) {
			return response(http.StatusInternalServerError, ``), nil
		}}})
		require.NoError(t, err)
		assert.False(t, client.CircuitOpen())
		for range 6 {
			_, _ = attrove.GetGoal.Call(t.Context(), client, caller(), attrove.GoalRef{GoalID: "g_1"})
		}
		assert.True(t, client.CircuitOpen())
		assert.Equal(t, attrove.Called{Code: attrove.CodeUpstream}, heard.heard[5], "nothing was sent")
	})
}
