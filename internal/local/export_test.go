package local

import "time"

// TakesLong has the engine believe that to resolve a user's persons and to relate
// people took so long, a while ago.
func TakesLong(e *Engine, userID string, took, ago time.Duration) {
	core := e.core.Load()
	slow := pace{over: time.Now().Add(-ago), took: took}
	core.persons.mu.Lock()
	core.persons.paces[userID] = slow
	core.persons.mu.Unlock()
	core.graphs.mu.Lock()
	core.graphs.pace = slow
	core.graphs.mu.Unlock()
}

// HasMany has the engine take any number of entities for many.
func HasMany(e *Engine) {
	core := e.core.Load()
	core.persons.mu.Lock()
	core.persons.many = 0
	core.persons.mu.Unlock()
}

// Finish waits for what the engine does in the background.
func Finish(e *Engine) { e.core.Load().behind.running.Wait() }
