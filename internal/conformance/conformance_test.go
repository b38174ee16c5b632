// Package conformance runs the Model Context Protocol's own conformance suite, in
// both eras, against a built binary, and against a server that has the tools,
// resources and prompts that the suite calls by name. .ci/conformance says where
// the suite is.
package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// Where .ci/conformance put things.
const (
	suiteVariable  = "ATTROVE_TEST_CONFORMANCE_SUITE" // a directory with node_modules
	binaryVariable = "ATTROVE_TEST_BINARY"
)

// versions are those of the protocol: the last one is modern, the others legacy.
func versions() []string { return []string{"2025-06-18", "2025-11-25", "2026-07-28"} }

// TestSuite: what fails must be listed with its reason, and what is listed must
// fail.
func TestSuite(t *testing.T) {
	suite := os.Getenv(suiteVariable)
	if suite == "" {
		t.Skip("the conformance suite is not here: run .ci/conformance BINARY")
	}
	for _, target := range []struct {
		name  string
		start func(*testing.T) (url string)
	}{{"binary", serveBinary}, {"fixtures", serveFixtures}} {
		t.Run(target.name, func(t *testing.T) {
			url := target.start(t)
			excused := readExcuses(t, filepath.Join("testdata", target.name+".txt"))
			for _, version := range versions() {
				t.Run(version, func(t *testing.T) {
					checks := run(t, suite, url, version)
					judge(t, checks, excused[version])
				})
			}
		})
	}
}

// serveFixtures serves the suite's own tools, over this project's HTTP.
func serveFixtures(t *testing.T) string {
	t.Helper()
	l, err := transport.Bind(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	served := make(chan error, 1)
	s := fixed(t)
	go func() {
		served <- transport.ServeHTTP(ctx, l, s, transport.HTTPOptions{Callers: transport.Keyless{User: nobody}, Log: safetest.Log(t, io.Discard).Logger})
	}()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-served)
	})
	return "http://" + l.Addr().String() + transport.Path
}

// nobody is the user where nothing of a user's is read.
func nobody(context.Context) (attrove.Caller, error) { return attrove.Caller{}, nil }

// serveBinary starts a built binary with its sample workspace.
func serveBinary(t *testing.T) string {
	t.Helper()
	binary := os.Getenv(binaryVariable)
	require.NotEmpty(t, binary, binaryVariable)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "http", "--demo", "--listen", "127.0.0.1:0", "--caller-rate", "0")
	says, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		assert.NoError(t, cmd.Process.Signal(os.Interrupt))
		assert.NoError(t, cmd.Wait())
	})
	first, err := bufio.NewReader(says).ReadString('\n')
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, says) }()
	url := regexp.MustCompile(`http://\S+`).FindString(first)
	require.NotEmpty(t, url, first)
	return url
}

// check is a line of the suite's verdict.
type check struct {
	Scenario string `json:"-"`
	ID       string `json:"id"`
	Status   string `json:"status"`
	Message  string `json:"errorMessage"`
}

// run runs all scenarios of a version of the protocol.
func run(t *testing.T, suite, url, version string) []check {
	t.Helper()
	out := t.TempDir()
	var printed bytes.Buffer
	cmd := exec.CommandContext(t.Context(), filepath.Join(suite, "node_modules/.bin/node"), filepath.Join(suite, "node_modules/@modelcontextprotocol/conformance/dist/index.js"),
		"server", "--url", url, "--suite", "all", "--spec-version", version, "-o", out)
	cmd.Stdout, cmd.Stderr = &printed, &printed
	var failed *exec.ExitError // it fails when a check does
	if err := cmd.Run(); err != nil && !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	files, err := filepath.Glob(filepath.Join(out, "*", "checks.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no verdict:\n%s", printed.String())
	var all []check
	name := regexp.MustCompile(`^server-(.+)-\d{4}-\d\d-\d\dT`)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var checks []check
		require.NoError(t, json.Unmarshal(raw, &checks), file)
		match := name.FindStringSubmatch(filepath.Base(filepath.Dir(file)))
		require.NotNil(t, match, file)
		for _, c := range checks {
			c.Scenario = match[1]
			all = append(all, c)
		}
	}
	return all
}

// excuses are the reasons for failures, by scenario and check.
type excuses map[string]string

// readExcuses reads what is expected to fail. A line has an era or a version, a
// scenario and, where it is not called so, its check; the comment above is its
// reason.
func readExcuses(t *testing.T, path string) map[string]excuses {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	all := map[string]excuses{}
	for _, version := range versions() {
		all[version] = excuses{}
	}
	reason := ""
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		fields := strings.Fields(line)
		switch {
		case line == "":
			reason = ""
			continue
		case line[0] == '#':
			reason = strings.TrimSpace(reason + " " + strings.TrimSpace(line[1:]))
			continue
		}
		require.NotEmpty(t, reason, "%s: %s has no reason", path, line)
		require.GreaterOrEqual(t, len(fields), 2, "%s: %s", path, line)
		require.LessOrEqual(t, len(fields), 3, "%s: %s", path, line)
		when := map[string][]string{"both": versions(), "legacy": versions()[:2], "modern": versions()[2:]}[fields[0]]
		if when == nil {
			require.Contains(t, versions(), fields[0], "%s: %s", path, line)
			when = fields[:1]
		}
		for _, version := range when {
			all[version][fields[1]+" "+fields[len(fields)-1]] = reason
		}
	}
	return all
}

// judge holds the checks to the excuses.
func judge(t *testing.T, checks []check, excused excuses) {
	t.Helper()
	failed, broken, count := map[string]bool{}, map[string]bool{}, map[string]int{}
	scenarios := map[string]bool{}
	for _, c := range checks {
		scenarios[c.Scenario] = true
		count[c.Status]++
		if c.Status == "WARNING" {
			t.Logf("should: %s %s: %s", c.Scenario, c.ID, c.Message)
		}
		if c.Status != "FAILURE" {
			continue
		}
		key := c.Scenario + " " + c.ID
		failed[key], broken[c.Scenario] = true, true
		assert.Contains(t, excused, key, "fails: %s", c.Message)
	}
	for key := range excused {
		assert.True(t, failed[key], "does not fail any more, take it off the list: %s", key)
	}
	t.Logf("%d scenarios, %d without a failure; checks: %s", len(scenarios), len(scenarios)-len(broken), tally(count))
}

func tally(count map[string]int) string {
	var parts []string
	for status, n := range count {
		parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(status)))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
