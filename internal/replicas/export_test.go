package replicas

import "time"

// SetAlive sets how long a subscription is silent before it has to show that it lives.
func SetAlive(r *Redis, d time.Duration) { r.alive = d }
