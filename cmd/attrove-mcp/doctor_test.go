package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDoctorSaysWhatDiffers(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	dir := t.TempDir()
	report, ours := filepath.Join(dir, "report.md"), filepath.Join(dir, "openapi.json")
	require.NoError(t, os.WriteFile(ours, []byte(command(t, "", "docs", "openapi").out), 0o600))
	for _, c := range []struct {
		name     string
		args     []string
		exit     int
		out, err string
	}{
		{name: "nothing to look at", exit: exitUsage, err: "--contract"},
		{name: "no such address", args: []string{"--contract", "--openapi", "gopher://attrove.example/openapi.json"}, exit: exitUsage, err: "https"},
		{name: "our own document", args: []string{"--contract", "--openapi", ours}, exit: exitOK, out: "No differences."},
		{name: "into a file", args: []string{"--contract", "--openapi", ours, "--out", report}, exit: exitOK, err: report},
		{name: "no document", args: []string{"--contract", "--openapi", "../../README.md"}, exit: exitError, out: "could not be compared", err: "could not be compared"},
		{name: "nobody there", args: []string{"--contract", "--openapi", closed.URL + "/openapi.json"}, exit: exitError,
			out: "cannot reach 127.0.0.1: connection refused", err: "connection refused"},
		{name: "nowhere to write", args: []string{"--contract", "--openapi", ours, "--out", "none/such"}, exit: exitError, err: "write the report"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := command(t, "", append([]string{"doctor"}, c.args...)...)
			assert.Equal(t, c.exit, got.exit, got.err)
			assert.Contains(t, got.out, c.out)
			assert.Contains(t, got.err, c.err)
		})
	}
	written, err := os.ReadFile(report)
	require.NoError(t, err)
	assert.Contains(t, string(written), "No differences.")
}
