package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
)

// program stands for one that was written to Attrove's documentation: it knows
// the documented names, what the environment says, and nothing of ours.
type program struct {
	env  map[string]string // ATTROVE_BASE_URL and the others, as `api` printed them
	http *http.Client
}

// serveAPI starts the command and reads what it prints.
func serveAPI(t *testing.T, flags ...string) program {
	t.Helper()
	home(t)
	ctx, stop := context.WithCancel(t.Context())
	lines, out := io.Pipe()
	var errOut bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		exit := run(ctx, append([]string{"api", "--listen", "127.0.0.1:0"}, flags...), strings.NewReader(""), out, &errOut)
		ended <- exit
		_ = out.Close() // who reads finds the end
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		assert.Equal(t, exitOK, <-ended, "%s", &errOut)
	})
	p := program{env: map[string]string{}, http: &http.Client{Transport: openapitest.Transport(t, http.DefaultTransport)}}
	printed := bufio.NewScanner(lines)
	for len(p.env) < 5 && printed.Scan() {
		name, value, ok := strings.Cut(printed.Text(), "=")
		require.True(t, ok, "%q is no NAME=value", printed.Text())
		p.env[name] = value
	}
	require.Len(t, p.env, 5, "%s", &errOut)
	return p
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (p program) send(ctx context.Context, method, path string, body any, authorize func(*http.Request)) (reply, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return reply{}, err
	}
	if body == nil {
		encoded = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, p.env["ATTROVE_BASE_URL"]+path, bytes.NewReader(encoded))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	authorize(req)
	answer, err := p.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, text}, err
}

func (p program) asPartner(r *http.Request) {
	r.SetBasicAuth(p.env["ATTROVE_CLIENT_ID"], p.env["ATTROVE_CLIENT_SECRET"])
}

func (p program) asUser(r *http.Request) {
	r.Header.Set("Authorization", "Bearer "+p.env["ATTROVE_SECRET_KEY"])
}

// path is one below the user's.
func (p program) path(rest string) string { return "/v1/users/" + p.env["ATTROVE_USER_ID"] + rest }

// user calls an operation of the user's, which must answer with status.
func user[Out any](t *testing.T, p program, status int, method, rest string, body any) Out {
	t.Helper()
	answer, err := p.send(t.Context(), method, p.path(rest), body, p.asUser)
	require.NoError(t, err)
	require.Equal(t, status, answer.status, "%s %s: %s", method, rest, answer.body)
	return decode[Out](t, answer)
}

// decode reads an answer, out of its envelope if it has one.
func decode[Out any](t *testing.T, answer reply) Out {
	t.Helper()
	var envelope struct{ Data, Pagination json.RawMessage }
	require.NoError(t, json.Unmarshal(answer.body, &envelope), "%s", answer.body)
	body := answer.body
	if envelope.Data != nil && envelope.Pagination == nil && envelope.Data[0] == '{' {
		body = envelope.Data
	}
	var out Out
	require.NoError(t, json.Unmarshal(body, &out), "%s", body)
	return out
}

// object is JSON as a program without types sees it.
type object = map[string]any

// answered is what query gives back.
type answered struct {
	Answer         string
	UsedMessageIDs []string `json:"used_message_ids"`
	UsedMeetingIDs []string `json:"used_meeting_ids"`
	UsedEventIDs   []string `json:"used_event_ids"`
	Sources        []struct{ Title, Snippet string }
}

type person struct{ Email, Name string }

type eventRow struct {
	Title     string
	StartTime time.Time `json:"start_time"`
	Attendees []person
}

type listOf[Row any] struct{ Data []Row }

func today(t *testing.T, p program) time.Time {
	t.Helper()
	answer, err := p.send(t.Context(), http.MethodGet, "/clock", nil, p.asPartner)
	require.NoError(t, err)
	return decode[struct{ Now time.Time }](t, answer).Now
}

// The call sequences of Attrove's public example programs (contract section
// 11.5), over HTTP.

func TestExampleDailyRundown(t *testing.T) {
	p := serveAPI(t, "--demo", "--as-of", "2026-06-10T14:00:00Z")
	day := today(t, p)
	var events listOf[eventRow]
	var found struct {
		Conversations map[string]struct {
			ConversationName *string `json:"conversation_name"`
			Threads          map[string][]struct {
				MessageID string `json:"message_id"`
				BodyText  string `json:"body_text"`
			}
		}
	}
	var digest answered
	var together sync.WaitGroup
	together.Go(func() {
		on := day.Format(time.DateOnly)
		events = user[listOf[eventRow]](t, p, http.StatusOK, http.MethodGet, "/events?start_date="+on+"&end_date="+on+"&expand=attendees", nil)
	})
	together.Go(func() {
		answer, err := p.send(t.Context(), http.MethodPost, p.path("/search"), object{"query": "action items OR decisions OR follow up OR deadline",
			"after_date": day.AddDate(0, 0, -1).Format(time.DateOnly), "include_body_text": true}, p.asUser)
		if assert.NoError(t, err) {
			assert.NoError(t, json.Unmarshal(answer.body, &found))
		}
	})
	together.Go(func() {
		answer, err := p.send(t.Context(), http.MethodPost, p.path("/query"), object{"include_sources": true, "query": `Generate a concise daily digest for today. Include:
1. Open action items that need attention
2. Key decisions made in the last 24 hours
3. Important threads or conversations to follow up on
4. A 2-3 sentence summary of recent communications

Format as a structured digest with clear sections.`}, p.asUser)
		if assert.NoError(t, err) {
			assert.NoError(t, json.Unmarshal(answer.body, &digest))
		}
	})
	together.Wait()

	require.NotEmpty(t, events.Data)
	assert.True(t, slices.IsSortedFunc(events.Data, func(a, b eventRow) int { return a.StartTime.Compare(b.StartTime) }))
	assert.True(t, slices.ContainsFunc(events.Data, func(e eventRow) bool { return len(e.Attendees) > 0 }))
	require.NotEmpty(t, found.Conversations)
	for id, conversation := range found.Conversations {
		for _, thread := range conversation.Threads {
			for _, m := range thread {
				assert.NotEmpty(t, m.BodyText, "%s in %s", m.MessageID, id)
			}
		}
	}
	assert.NotEmpty(t, digest.Answer)
	assert.NotEmpty(t, digest.UsedMessageIDs)
	assert.NotEmpty(t, digest.Sources)
}

func TestExampleMeetingPrep(t *testing.T) {
	p := serveAPI(t, "--demo", "--as-of", "2026-06-10T14:00:00Z")
	now := today(t, p)
	events := user[listOf[eventRow]](t, p, http.StatusOK, http.MethodGet, fmt.Sprintf("/events?start_date=%s&end_date=%s&expand=attendees,description",
		now.Format(time.DateOnly), now.AddDate(0, 0, 1).Format(time.DateOnly)), nil)
	require.NotEmpty(t, events.Data)
	meetings := user[listOf[struct {
		Title        string
		ShortSummary string `json:"short_summary"`
		Attendees    []person
	}]](t, p, http.StatusOK, http.MethodGet, "/meetings?expand=short_summary,action_items&limit=5", nil)
	require.NotEmpty(t, meetings.Data)

	relevant, answers := 0, 0
	for _, event := range events.Data {
		with := make([]string, 0, len(event.Attendees))
		for _, a := range event.Attendees {
			with = append(with, a.Name)
		}
		for _, m := range meetings.Data {
			if slices.ContainsFunc(m.Attendees, func(a person) bool { return a.Email != "" && slices.Contains(event.Attendees, a) }) {
				assert.NotEmpty(t, m.ShortSummary, m.Title)
				relevant++
			}
		}
		prep := user[answered](t, p, http.StatusOK, http.MethodPost, "/query", object{"include_sources": true,
			"query": fmt.Sprintf("What do I need to know before my meeting %q with %s? Include any recent email threads, Slack messages, open action items, or decisions involving them.", event.Title, strings.Join(with, ", "))})
		if prep.Answer != "" {
			assert.NotEmpty(t, slices.Concat(prep.UsedMessageIDs, prep.UsedMeetingIDs, prep.UsedEventIDs), event.Title)
			answers++
		}
	}
	assert.Positive(t, relevant, "no earlier meeting with the people of the next ones")
	assert.Positive(t, answers)
}

func TestExampleSearchAgent(t *testing.T) {
	p := serveAPI(t, "--demo", "--as-of", "2026-06-10T14:00:00Z")
	for question, expected := range map[string]string{
		"what did we promise Corvane last week?": "Corvane",
		"open action items":                      "",
		"important updates this week":            "",
	} {
		got := user[answered](t, p, http.StatusOK, http.MethodPost, "/query", object{"query": question, "include_sources": true})
		assert.NotEmpty(t, got.Answer, question)
		assert.Contains(t, got.Answer, expected, question)
		assert.NotEmpty(t, slices.Concat(got.UsedMessageIDs, got.UsedMeetingIDs, got.UsedEventIDs), question)
		assert.NotEmpty(t, got.Sources, question)
	}
	nothing := user[answered](t, p, http.StatusOK, http.MethodPost, "/query", object{"query": "zyxwvut qponmlk?", "include_sources": true})
	assert.Empty(t, nothing.Answer, "where nothing is known, nothing is said")
}

type goalRow struct {
	ID        string
	Title     string
	Lifecycle string
	Health    string
	LastRun   *struct{ Status string }  `json:"last_run"`
	Snapshot  *struct{ Summary string } `json:"last_snapshot"`
}

func TestExampleGoalMonitor(t *testing.T) {
	p := serveAPI(t, "--demo", "--as-of", "2026-06-10T14:00:00Z")
	sources := []string{"messages", "meetings", "notes"}
	goal := user[goalRow](t, p, http.StatusCreated, http.MethodPost, "/goals", object{
		"title":       "Osterveld renewal signed",
		"description": "Track a concrete customer or project outcome from connected communications.",
		"watch_scope": object{"seed_query": "Osterveld renewal", "keywords": []string{"Osterveld", "renewal"}, "source_types": sources,
			"silence_condition": object{"quiet_after_days": 5, "activity_sources": sources, "alert_health": "at_risk"}},
		"success_criteria":     "The owner has enough evidence to mark the outcome complete.",
		"completion_condition": "A signed agreement, explicit yes/no decision, or equivalent final update is captured.",
		"deadline":             today(t, p).AddDate(0, 0, 14).Format(time.RFC3339),
	})
	assert.Equal(t, "active", goal.Lifecycle)
	assert.True(t, strings.HasPrefix(goal.ID, "gol_"), goal.ID)

	note := user[struct{ ID, Status string }](t, p, http.StatusAccepted, http.MethodPost, "/notes", object{"ref_type": "goal", "ref_id": goal.ID,
		"title": "Manual context", "body": "Initial tracking note.", "metadata": object{"source": "attrove-goal-monitor-example"}})
	run := user[struct {
		RunID  string `json:"run_id"`
		Status string
	}](t, p, http.StatusAccepted, http.MethodPost, "/goals/"+goal.ID+"/evaluate", nil)
	assert.NotEmpty(t, run.RunID)
	assert.NotEmpty(t, run.Status)

	var current goalRow
	require.Eventually(t, func() bool {
		current = user[goalRow](t, p, http.StatusOK, http.MethodGet, "/goals/"+goal.ID, nil)
		return current.LastRun != nil && current.LastRun.Status == "completed"
	}, time.Minute, 50*time.Millisecond, "the program polls last_run")
	assert.Equal(t, "at_risk", current.Health, "Osterveld has been silent for eight working days")
	require.NotNil(t, current.Snapshot)
	assert.NotEmpty(t, current.Snapshot.Summary)

	evidence := user[struct {
		Cited []struct{ ID string } `json:"cited_in_latest_snapshot"`
		Notes []struct{ ID string } `json:"manual_notes"`
	}](t, p, http.StatusOK, http.MethodGet, "/goals/"+goal.ID+"/evidence", nil)
	assert.NotEmpty(t, evidence.Cited)
	require.Len(t, evidence.Notes, 1)
	assert.Equal(t, note.ID, evidence.Notes[0].ID)

	active := user[listOf[goalRow]](t, p, http.StatusOK, http.MethodGet, "/goals?lifecycle=active&limit=10", nil)
	assert.True(t, slices.ContainsFunc(active.Data, func(g goalRow) bool { return g.ID == goal.ID }))

	type event struct {
		EventID   string `json:"event_id"`
		EventType string `json:"event_type"`
		GoalID    string `json:"goal_id"`
	}
	type eventsPage struct {
		Data      []event
		Watermark *struct {
			EventID    string `json:"event_id"`
			OccurredAt string `json:"occurred_at"`
		}
	}
	var mine []string
	events := user[eventsPage](t, p, http.StatusOK, http.MethodGet, "/goal-events?types=goals.created,goals.risk_detected,goals.completed&limit=100", nil)
	for _, e := range events.Data {
		if e.GoalID == goal.ID {
			mine = append(mine, e.EventType)
		}
	}
	assert.ElementsMatch(t, []string{"goals.created", "goals.risk_detected"}, mine)
	require.NotNil(t, events.Watermark)
	later := user[eventsPage](t, p, http.StatusOK, http.MethodGet, "/goal-events?"+url.Values{
		"since": {events.Watermark.OccurredAt}, "since_event_id": {events.Watermark.EventID}, "types": {"goals.created"}}.Encode(), nil)
	assert.Empty(t, later.Data, "nothing happened since the watermark")
}
