package importer

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSpareMemory(t *testing.T) {
	now := func() (memory, garbage int) {
		garbage = debug.SetGCPercent(-1)
		debug.SetGCPercent(garbage)
		return int(debug.SetMemoryLimit(-1)), garbage
	}
	before, garbageBefore := now()
	tests := []struct {
		name            string
		environment     map[string]string
		memory, garbage int
	}{
		{"nothing is said", nil, engineMemory, engineGarbage},
		{"GOGC", map[string]string{"GOGC": "50"}, engineMemory, garbageBefore},
		{"GOMEMLIMIT", map[string]string{"GOMEMLIMIT": "1GiB"}, before, engineGarbage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			undo := SpareMemory(func(name string) (string, bool) { value, set := tt.environment[name]; return value, set })
			memory, garbage := now()
			undo()
			assert.Equal(t, tt.memory, memory)
			assert.Equal(t, tt.garbage, garbage)
			memory, garbage = now()
			assert.Equal(t, before, memory, "undone")
			assert.Equal(t, garbageBefore, garbage, "undone")
		})
	}
}
