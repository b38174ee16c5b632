package replicas

import (
	"context"
	"time"
)

// spentMargin is how long an answer is remembered after it has expired: clocks of
// replicas differ.
const spentMargin = time.Minute

// spendScript notes an answer as used: 1 for the first time, 0 for another. What
// Redis knows begins when it was last empty; whether an answer was used to a
// question of before then, it cannot say: -1. Without an answer it only begins.
const spendScript = `
local since = redis.call('GET', KEYS[1])
if not since then
  local now = redis.call('TIME')
  since = now[1] * 1000 + math.floor(now[2] / 1000)
  redis.call('SET', KEYS[1], string.format('%.0f', since))
end
if not KEYS[2] then return 1 end
if tonumber(ARGV[1]) < tonumber(since) then return -1 end
if redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[2]) then return 1 end
return 0`

const (
	sinceKey    = prefix + "since"
	spentPrefix = prefix + "spent:"
)

// Spend reports whether the answer to a question is used for the first time by any
// replica. The question was asked at the one time, and its answer is good until the
// other. On an error nobody can know, and the answer must count as used.
func (r *Redis) Spend(ctx context.Context, id string, asked, until time.Time) (first bool, err error) {
	keep := until.Sub(asked) + spentMargin
	var said int
	err = r.do(ctx, &r.stats.failedSpends, func(ctx context.Context) (err error) {
		said, err = r.spend.Run(ctx, r.client, []string{sinceKey, spentPrefix + hash(id)}, asked.UnixMilli(), keep.Milliseconds()).Int()
		return err
	})
	if err == nil && said < 0 {
		r.stats.failedSpends.Add(1)
		err = errForgotten
	}
	return said == 1 && err == nil, err
}

// remember has Redis know from when on it knows which answers were used.
func (r *Redis) remember(ctx context.Context) error {
	return r.do(ctx, &r.stats.failedSpends, func(ctx context.Context) error {
		return r.spend.Run(ctx, r.client, []string{sinceKey}).Err()
	})
}
