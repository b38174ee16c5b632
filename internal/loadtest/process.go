package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// startTimeout is how long a process may take to say where it listens.
const startTimeout = 20 * time.Second

// Process is a server in a process of its own.
type Process struct {
	command *exec.Cmd
	said    map[string]string
}

// Start runs a program until ctx ends, and returns when it has said all
// of names, each as a line "name=value" or "name: value", on either output. env
// is added to the environment.
func Start(ctx context.Context, names []string, env []string, program string, args ...string) (*Process, error) {
	p := &Process{command: exec.CommandContext(ctx, program, args...), said: map[string]string{}} //nolint:gosec // whoever runs a load test says what
	p.command.Cancel = func() error { return p.command.Process.Signal(os.Interrupt) }
	p.command.WaitDelay = 5 * time.Second
	p.command.Env = append(os.Environ(), env...)
	out, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	p.command.Stdout, p.command.Stderr = w, w
	err = p.command.Start()
	_ = w.Close() // the process has its own
	if err != nil {
		_ = out.Close()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	ready := make(chan error, 1)
	go p.listen(out, names, ready)
	select {
	case err = <-ready:
	case <-time.After(startTimeout):
		err = fmt.Errorf("did not say %s within %s", strings.Join(names, ", "), startTimeout)
	}
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("start %s %s: %w", program, strings.Join(args, " "), err)
	}
	return p, nil
}

// listen reads what the process says, up to its end.
func (p *Process) listen(out *os.File, names []string, ready chan<- error) {
	defer out.Close() //nolint:errcheck // it is only read
	missing := len(names)
	var all bytes.Buffer
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if missing == 0 {
			continue // what it says later would otherwise fill the pipe
		}
		all.Write(append(lines.Bytes(), '\n'))
		for _, name := range names {
			if rest, ok := strings.CutPrefix(lines.Text(), name); ok {
				p.said[name] = strings.TrimSpace(strings.TrimLeft(rest, "=:"))
				missing--
			}
		}
		if missing == 0 {
			ready <- nil
		}
	}
	if missing > 0 {
		ready <- fmt.Errorf("it ended: %s", all.String())
	}
}

// Said is what the process said under one of the names that Start waited for.
func (p *Process) Said(name string) string { return p.said[name] }

// Stop ends the process.
func (p *Process) Stop() {
	_ = p.command.Process.Signal(os.Interrupt) // it may be gone
	_ = p.command.Wait()                       // interrupted is how it ends
}
