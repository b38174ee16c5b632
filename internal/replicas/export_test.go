package replicas

import "time"

// Patience is how long a call may be held up by Redis.
const Patience = patience

// SetAlive sets how long a subscription is silent before it has to show that it lives.
func SetAlive(r *Redis, d time.Duration) { r.alive = d }
