package replicas

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
)

// Allow counts a call of key against a limit that all replicas share: one every so
// often in the long run, and burst at once (GCRA). It returns how long to wait, 0
// when the call may go ahead. On an error nothing was counted for certain.
func (r *Redis) Allow(ctx context.Context, key string, every time.Duration, burst int) (wait time.Duration, err error) {
	err = r.do(ctx, &r.stats.failedLimits, func(ctx context.Context) error {
		result, err := r.limiter.Allow(ctx, prefix+hash(key), redis_rate.Limit{Rate: 1, Period: every, Burst: burst})
		if err == nil && result.Allowed == 0 {
			wait = result.RetryAfter
		}
		return err
	})
	return wait, err
}
