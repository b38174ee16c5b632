package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// denyNetwork has the kernel kill this process as soon as it makes an Internet
// socket of any kind, as whoever dials, listens or looks a name up has to
// (seccomp(2); it takes no privileges).
func denyNetwork() error {
	runtime.LockOSThread() // no_new_privs is the thread's until the filter takes it to all
	const load, equal, end = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	const number, family = 0, 16 // offsets in struct seccomp_data
	filter := []unix.SockFilter{
		{Code: load, K: number},
		{Code: equal, K: unix.SYS_SOCKET, Jf: 3},
		{Code: load, K: family},
		{Code: equal, K: unix.AF_INET, Jt: 2},
		{Code: equal, K: unix.AF_INET6, Jt: 1},
		{Code: end, K: unix.SECCOMP_RET_ALLOW},
		{Code: end, K: unix.SECCOMP_RET_KILL_PROCESS},
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, failure := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program)))
	runtime.KeepAlive(filter)
	if failure != 0 {
		return fmt.Errorf("seccomp: %w", failure)
	}
	return nil
}

// offline runs a command line in a process that has no network, and reports
// whether it was killed for trying.
func offline(t *testing.T, stdin string, args ...string) (out string, killed bool) {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), offlineVariable+"=1", serveVariable+"="+strings.Join(args, " "))
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGSYS {
			return stdout.String(), true
		}
		if strings.Contains(stderr.String(), "seccomp: ") {
			t.Skip("this system takes no seccomp filters, so that the network cannot be denied: " + stderr.String())
		}
	}
	require.NoError(t, err, "%s: %s", args, stderr.String())
	return stdout.String(), false
}

// TestNothingDialsOut: without a model nothing asks for the network, whatever is
// done with one's own data.
func TestNothingDialsOut(t *testing.T) {
	p := plant(t)
	db := filepath.Join(p.home, "offline.db")
	search := `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"attrove_search","arguments":{"query":"zpeterbodyk"}}}` + "\n"
	goal := `{"title":"It","watch_scope":{"keywords":["done"]}}`
	for _, tc := range []struct {
		stdin, out string
		args       []string
	}{
		{"", "imported now", []string{"import", "--db", db, p.mail}},
		{"", "zpeterbodyk", []string{"call", "--db", db, "attrove_search", `{"query":"zpeterbodyk"}`}},
		{"", "zpeterbodyk", []string{"call", "--db", db, "attrove_query", `{"query":"zpeterbodyk"}`}},
		{goal, "gol_", []string{"call", "--db", db, "--yes", "attrove_create_goal", "-"}},
		{"", "gol_", []string{"call", "--db", db, "attrove_list_goals"}},
		{firstList + search, "zpeterbodyk", []string{"stdio", "--db", db}},
		{"", "", []string{"demo"}},
		{"", "zpeterbodyk", []string{"export", "--db", db}},
		{"", "contacts", []string{"forget", "--db", db, "--yes", "olga.planted@globex.example"}},
		{"", "messages", []string{"purge", "--db", db, "--yes", "--all"}},
	} {
		out, killed := offline(t, tc.stdin, tc.args...)
		assert.False(t, killed, "%s asked for the network", tc.args)
		assert.Contains(t, out, tc.out, tc.args)
	}
	for name, value := range map[string]string{"ATTROVE_BASE_URL": "http://127.0.0.1:9", "ATTROVE_SECRET_KEY": "sk_x", "ATTROVE_USER_ID": "u"} {
		t.Setenv(name, value)
	}
	_, killed := offline(t, "", "call", "attrove_profile")
	assert.True(t, killed, "whoever asks is killed")
}
