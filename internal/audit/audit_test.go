package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/audit"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

type line struct {
	Time                              time.Time
	User, Subject, Tool               string
	Objects                           []string
	Decision, Outcome                 string
	MS                                int
	Trace                             string
	Arguments, Key, Result, Structure any // never there
}

func lines(t *testing.T, raw []byte) []line {
	t.Helper()
	var all []line
	for one := range strings.Lines(string(raw)) {
		decoder := json.NewDecoder(strings.NewReader(one))
		decoder.DisallowUnknownFields()
		var l line
		require.NoError(t, decoder.Decode(&l), "%s", one)
		all = append(all, l)
	}
	return all
}

func archived() gate.Record {
	return gate.Record{User: "u_1", Tool: "attrove_archive_goal", Effect: attrove.Undoable, Objects: []string{"g_1"},
		Decision: gate.Confirmed, Outcome: gate.OutcomeOK, Took: 1500 * time.Microsecond}
}

func TestNote(t *testing.T) {
	const trace = "0af7651916cd43dd8448eb211c80319c"
	observed, err := telemetry.New(t.Context(), telemetry.Options{})
	require.NoError(t, err)
	ctx, op := observed.Begin(t.Context(), telemetry.Request{Meta: "00-" + trace + "-b7ad6b7169203331-01"})
	defer op.End()
	var out bytes.Buffer
	require.NoError(t, audit.To(&out, audit.Changes).Note(ctx, archived(), "ann@acme.example"))
	all := lines(t, out.Bytes())
	require.Len(t, all, 1)
	assert.WithinDuration(t, time.Now(), all[0].Time, time.Minute)
	all[0].Time = time.Time{}
	subject := all[0].Subject
	assert.Regexp(t, `^sha256:[0-9a-f]{16}$`, subject)
	assert.Equal(t, line{User: "u_1", Subject: subject, Tool: "attrove_archive_goal", Objects: []string{"g_1"},
		Decision: "confirmed", Outcome: "ok", MS: 1, Trace: trace}, all[0])
}

func TestWhichAreNoted(t *testing.T) {
	read := gate.Record{Tool: "attrove_search", Decision: gate.Allowed, Outcome: gate.OutcomeOK}
	with := func(r gate.Record, change func(*gate.Record)) gate.Record { change(&r); return r }
	for name, c := range map[string]struct {
		record gate.Record
		noted  bool
	}{
		"a change":              {archived(), true},
		"a change that failed":  {with(archived(), func(r *gate.Record) { r.Outcome = attrove.CodeConflict }), true},
		"a question":            {with(archived(), func(r *gate.Record) { r.Decision, r.Outcome = gate.Asked, gate.OutcomeAsked }), true},
		"a read":                {read, false},
		"a read that failed":    {with(read, func(r *gate.Record) { r.Outcome = attrove.CodeNotFound }), false},
		"a read with no right":  {with(read, func(r *gate.Record) { r.Outcome = attrove.CodeForbidden }), true},
		"a read with no key":    {with(read, func(r *gate.Record) { r.Outcome = attrove.CodeAuthentication }), true},
		"a read that is off":    {with(read, func(r *gate.Record) { r.Decision, r.Outcome = gate.Disabled, gate.CodeDisabled }), true},
		"a call of nothing":     {gate.Record{Decision: gate.Refused, Outcome: gate.CodeUnknownTool}, true},
		"a read that panicked":  {with(read, func(r *gate.Record) { r.Outcome = attrove.CodeInternal }), true},
		"a human who said no":   {with(archived(), func(r *gate.Record) { r.Decision = gate.Declined }), true},
		"one that nobody asked": {with(archived(), func(r *gate.Record) { r.Decision = gate.Denied }), true},
	} {
		t.Run(name, func(t *testing.T) {
			var changes, everything bytes.Buffer
			require.NoError(t, audit.To(&changes, audit.Changes).Note(t.Context(), c.record, ""))
			require.NoError(t, audit.To(&everything, audit.Everything).Note(t.Context(), c.record, ""))
			assert.Equal(t, c.noted, changes.Len() > 0)
			assert.Len(t, lines(t, everything.Bytes()), 1)
		})
	}
}

// TestNothingThatWasSaid: what a client or a model puts where an id belongs is
// noted as an id only when it is one.
func TestNothingThatWasSaid(t *testing.T) {
	for name, c := range map[string]struct {
		user, object, outcome string
		want                  string // of user and object; "" is a hash
	}{
		"ids":                      {"6f9619ff-8b86-d011-b42d-00c04fc964ff", "goal_1.a:b-c", gate.OutcomeOK, "kept"},
		"a sentence":               {"Ann wants a raise", "fire Bob", gate.OutcomeOK, ""},
		"a key":                    {"sk_planted", "pit_planted", gate.OutcomeOK, ""},
		"a key behind something":   {"x:SK_planted", "whsec_planted", gate.OutcomeOK, ""},
		"a line that would be two": {"u\n{\"user\":\"u_2\"}", "g\r\n", gate.OutcomeOK, ""},
		"too long":                 {strings.Repeat("u", 65), strings.Repeat("g", 65), gate.OutcomeOK, ""},
		"letters of another kind":  {"аnn", "gоal", gate.OutcomeOK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := archived()
			r.User, r.Objects, r.Outcome = c.user, []string{c.object}, c.outcome
			var out bytes.Buffer
			require.NoError(t, audit.To(&out, audit.Changes).Note(t.Context(), r, ""))
			all := lines(t, out.Bytes())
			require.Len(t, all, 1)
			if c.want == "kept" {
				assert.Equal(t, c.user, all[0].User)
				assert.Equal(t, []string{c.object}, all[0].Objects)
				return
			}
			assert.NotContains(t, out.String(), "planted")
			for _, hashed := range append(all[0].Objects, all[0].User) {
				assert.Regexp(t, `^sha256:[0-9a-f]{16}$`, hashed)
			}
		})
	}
	r := archived()
	r.Objects, r.Outcome = []string{"Bobs-secret-salary"}, attrove.CodeNotFound
	var out bytes.Buffer
	require.NoError(t, audit.To(&out, audit.Changes).Note(t.Context(), r, ""))
	assert.NotContains(t, out.String(), "salary", "Attrove knows nothing of this name")
}

// TestRotation: a file that was moved away gets no more lines once the log is read
// anew, and none is lost meanwhile.
func TestRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	log, err := audit.Open(path, audit.Changes)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, log.Close()) })
	if runtime.GOOS == "windows" {
		t.Skip("Windows moves no open file")
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for range 50 {
				assert.NoError(t, log.Note(context.WithoutCancel(t.Context()), archived(), ""))
			}
		})
	}
	require.NoError(t, os.Rename(path, path+".1"))
	require.NoError(t, log.Reload(t.Context()))
	writers.Wait()
	old, err := os.ReadFile(path + ".1")
	require.NoError(t, err)
	require.NoError(t, log.Note(t.Context(), archived(), ""))
	current, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, 8*50+1, len(lines(t, old))+len(lines(t, current)))
	assert.NotEmpty(t, current)
}

// TestReloadFails: without a new file the lines go where they went.
func TestReloadFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	require.NoError(t, os.Mkdir(dir, 0o700))
	path := filepath.Join(dir, "audit.jsonl")
	log, err := audit.Open(path, audit.Changes)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, log.Close()) })
	if runtime.GOOS == "windows" {
		t.Skip("Windows moves no directory with an open file")
	}
	require.NoError(t, os.Rename(dir, dir+".away"))
	require.ErrorContains(t, log.Reload(t.Context()), "audit log")
	require.NoError(t, log.Note(t.Context(), archived(), ""))
	kept, err := os.ReadFile(filepath.Join(dir+".away", "audit.jsonl"))
	require.NoError(t, err)
	assert.Len(t, lines(t, kept), 1)
}

func TestNotOpened(t *testing.T) {
	_, err := audit.Open(filepath.Join(t.TempDir(), "none", "audit.jsonl"), audit.Changes)
	require.ErrorContains(t, err, "audit log")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestNotWritten(t *testing.T) {
	err := audit.To(full{}, audit.Changes).Note(t.Context(), archived(), "")
	require.ErrorContains(t, err, "audit log: no space left")
}
