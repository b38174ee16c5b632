package config

import (
	"fmt"
	"time"
)

// Listening is how clients that subscribe to goals come to hear of changes.
type Listening struct {
	PollInterval time.Duration `help:"How often to look for changes of goals while a client listens for them. Changes in the embedded engine are told at once." default:"15s"`
}

// Validate checks what the flag parser cannot.
func (l Listening) Validate() error {
	if l.PollInterval < time.Second || l.PollInterval > time.Hour {
		return fmt.Errorf("--poll-interval %s: must be from 1s to 1h", l.PollInterval)
	}
	return nil
}
