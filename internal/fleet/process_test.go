package fleet_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is how long anything may take that should take a moment.
const patience = time.Minute

// process is a program that runs until it is told to stop, at the latest at the
// end of the test.
type process struct {
	*testing.T
	name string
	cmd  *exec.Cmd
	said *buffer
	done chan struct{} // closed when it has ended
}

// start runs program with env beside what is in this process's own environment.
func start(t *testing.T, name string, env []string, program string, arguments ...string) *process {
	t.Helper()
	p := &process{T: t, name: name, cmd: exec.CommandContext(t.Context(), program, arguments...), said: &buffer{}, done: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), env...), p.said, p.said
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	require.NoError(t, p.cmd.Start(), name)
	go func() {
		_ = p.cmd.Wait() // what it says is in its state
		close(p.done)
	}()
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("%s said:\n%.4000s", name, p.said)
		}
	})
	return p
}

// says waits until the process prints something like pattern, and returns what is
// in its parentheses.
func (p *process) says(pattern string) string {
	p.Helper()
	var found []string
	require.Eventually(p, func() bool {
		found = regexp.MustCompile(pattern).FindStringSubmatch(p.said.String())
		return found != nil || p.ended()
	}, patience, 5*time.Millisecond)
	require.NotNil(p, found, "%s does not say %s: %s", p.name, pattern, p.said)
	return found[1]
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// kill ends the process at once, as a machine that fails does.
func (p *process) kill() {
	p.Helper()
	require.NoError(p, p.cmd.Process.Kill(), p.name)
	<-p.done
}

// stop asks the process to end, and waits until it has.
func (p *process) stop() {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		require.NoError(p, err, p.name)
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		assert.Fail(p, "does not stop", p.name)
		p.kill()
	}
}

// buffer is what a process said so far.
type buffer struct {
	mu   sync.Mutex
	said bytes.Buffer
}

// Write implements io.Writer.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said.Write(p)
}

// String is all of it.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said.String()
}
